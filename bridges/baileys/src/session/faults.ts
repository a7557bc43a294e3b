/** Errors of Baileys as failures of the contract: one table for each kind of error. */
import { Boom } from '@hapi/boom';
import type { FailureCode } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { Ending } from './closing.ts';

/** Codes of `<error>` in answers to IQs; names are those of whatsmeow errors.go. */
const iqCodes: Readonly<Record<number, FailureCode>> = {
  400: 'whatsapp_error',
  401: 'not_allowed',
  403: 'not_allowed',
  404: 'not_found',
  405: 'not_allowed',
  406: 'not_allowed',
  410: 'expired',
  419: 'rate_limited',
  423: 'restricted',
  429: 'rate_limited',
  463: 'restricted',
};

/** Codes of `<ack error>` to messages; 463 and 479 are those of Baileys decode-wa-message.ts. */
const ackCodes: Readonly<Record<string, FailureCode>> = {
  401: 'not_allowed',
  403: 'not_allowed',
  404: 'not_found',
  420: 'rate_limited',
  429: 'rate_limited',
  463: 'restricted',
};

/** Status codes of Booms that mean that the connection went away. */
const connectionCodes = new Set([408, 428, 440, 500, 503, 515]);

/** What a failing call could have changed: nothing (reads, and writes that can be repeated), or something. */
export type Stake = 'nothing' | 'something';

/** The failure that an error of Baileys is; errors that are no failure of WhatsApp are thrown on. */
export function failureOf(error: unknown, stake: Stake): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof Boom)) throw error;
  const { data, message } = error as Boom<unknown>;
  if (typeof data === 'number' && data > 0) return new Failure(iqCodes[data] ?? 'whatsapp_error', `WhatsApp answered ${data} ${message}`, { code: data });
  // Baileys Socket/mex.js: the error code of GraphQL becomes the status.
  if (message.startsWith('GraphQL')) return new Failure(iqCodes[error.output.statusCode] ?? 'whatsapp_error', `WhatsApp refused: ${message}`, { code: error.output.statusCode });
  if (/timed? ?out/i.test(message)) return new Failure(stake === 'nothing' ? 'timeout' : 'outcome_unknown', `WhatsApp did not answer: ${message}`);
  if (/connection|closed|websocket/i.test(message) && connectionCodes.has(error.output.statusCode)) {
    return new Failure(stake === 'nothing' ? 'disconnected' : 'outcome_unknown', `The connection went away: ${message}`);
  }
  return new Failure('whatsapp_error', `WhatsApp refused: ${message}`);
}

export function ackFailure(code: string): Failure {
  return new Failure(ackCodes[code] ?? 'whatsapp_error', `WhatsApp refused the message (${code})`, { code });
}

/** Why a connection ended, out of what Baileys says of it. */
export function endingOf(error: Error | undefined): Ending {
  if (!(error instanceof Boom)) return { code: undefined, message: error?.message ?? 'The connection was closed.', attributes: {} };
  const data: unknown = error.data;
  return {
    code: error.output.statusCode,
    message: error.message,
    attributes: typeof data === 'object' && data !== null && !(data instanceof Error) ? (data as Readonly<Record<string, string>>) : {},
  };
}

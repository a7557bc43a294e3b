/** HTTP client of the bridges, derived from the contract: what goes out is typed, what comes back is parsed. */
import { ErrorBody, operations, successBody } from '@whatsapp-mcp/contract';
import type { Bridge, FailureCode, OperationName, Output } from '@whatsapp-mcp/contract';
import { Pool } from 'undici';
import { z } from 'zod';
import { AttemptFailure } from '../routing/attempt.ts';
import type { CallBridge, CallOptions } from '../routing/router.ts';
import type { Address, AddressBook } from './bridge-address.ts';
import { isJsonObject, parseJson } from './json.ts';

export interface BridgeClient {
  readonly call: CallBridge;
  /** The pool and token of a bridge as of now, for event streams. */
  readonly connect: (bridge: Bridge) => Connection | undefined;
  close(): Promise<void>;
}

export interface Connection {
  readonly pool: Pool;
  readonly token: string;
  /** Differs after the bridge was started again. */
  readonly run: string;
}

/** Answered late by this much, a deadline is the bridge's to tell; after it, the bridge counts as hung. */
const GRACE_MS = 1_500;
const CONNECT_MS = 2_000;
const CONNECTIONS = 16;
/** Largest answer that is read, bytes: a page of 2,000 staged rows with their originals. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

export function createBridgeClient(addresses: AddressBook): BridgeClient {
  const pools = new Map<string, Pool>();
  const connect = (bridge: Bridge): Connection | undefined => {
    const address = addresses.find(bridge);
    return address && { pool: poolOf(pools, address), token: address.token, run: address.run };
  };
  return {
    connect,
    call: (bridge, operation, input, options) => call({ bridge, operation, connect }, input, options),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

function poolOf(pools: Map<string, Pool>, { origin }: Address): Pool {
  const known = pools.get(origin);
  if (known !== undefined) return known;
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_MS },
    // Deadlines are ours, by signal; a long answer is not a hung one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  pools.set(origin, pool);
  return pool;
}

interface Call<Name extends OperationName> {
  readonly bridge: Bridge;
  readonly operation: Name;
  readonly connect: (bridge: Bridge) => Connection | undefined;
}

async function call<Name extends OperationName>(to: Call<Name>, input: unknown, options: CallOptions): Promise<Output<Name>> {
  const { bridge } = to;
  const connection = to.connect(bridge);
  if (connection === undefined) throw new AttemptFailure(bridge, 'bridge_down', `The ${bridge} bridge is not running on this data folder.`);
  const overdue = AbortSignal.timeout(options.deadlineMs + GRACE_MS);
  const answer = await post(to, connection, { input, options, overdue });
  if (answer.status === 401) {
    throw new AttemptFailure(bridge, 'bridge_down', `What listens where the ${bridge} bridge should does not know the token of this data folder; another data folder's bridge may hold the port.`);
  }
  return parseAnswer(to, answer);
}

interface Sending {
  readonly input: unknown;
  readonly options: CallOptions;
  readonly overdue: AbortSignal;
}

interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

async function post<Name extends OperationName>(to: Call<Name>, connection: Connection, { input, options, overdue }: Sending): Promise<RawAnswer> {
  try {
    const response = await connection.pool.request({
      method: 'POST',
      path: `/v1/${to.operation}`,
      headers: {
        authorization: `Bearer ${connection.token}`,
        'content-type': 'application/json',
        'x-deadline-ms': String(Math.max(1, Math.floor(options.deadlineMs))),
      },
      body: JSON.stringify(input),
      signal: AbortSignal.any([options.signal, overdue]),
    });
    return { status: response.statusCode, text: await readText(response.body) };
  } catch (error) {
    throw unanswered(to, error, { overdue: overdue.aborted, cancelled: options.signal.aborted });
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Errors that come before a single byte was written. */
const neverConnected: ReadonlySet<string> = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'EADDRNOTAVAIL', 'ENETUNREACH', 'EHOSTUNREACH']);

interface Ended {
  readonly overdue: boolean;
  readonly cancelled: boolean;
}

/** Names a missing answer. What is not safe to repeat may have happened, unless no connection ever stood. */
function unanswered<Name extends OperationName>({ bridge, operation }: Call<Name>, error: unknown, ended: Ended): AttemptFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (neverConnected.has(code)) return new AttemptFailure(bridge, 'bridge_down', `The ${bridge} bridge does not listen (${code}).`, { unreachable: true });
  const safe = operations[operation].replay === 'safe';
  const reason = error instanceof Error ? error.message : String(error);
  const named = (whenSafe: FailureCode, text: string, lost: boolean): AttemptFailure =>
    new AttemptFailure(bridge, safe ? whenSafe : 'outcome_unknown', text, { unreachable: !ended.cancelled, lost });
  if (ended.cancelled) return named('cancelled', `The call was cancelled while the ${bridge} bridge worked on it.`, false);
  if (ended.overdue) return named('timeout', `The ${bridge} bridge did not answer ${operation} in time.`, false);
  return named('bridge_down', `The connection to the ${bridge} bridge ended before it answered ${operation} (${code || reason}).`, true);
}

function parseAnswer<Name extends OperationName>({ bridge, operation }: Call<Name>, answer: RawAnswer): Output<Name> {
  const json = parseJson(answer.text);
  const refused = ErrorBody.safeParse(json);
  if (refused.success) {
    const { code, message, details } = refused.data.error;
    const facts = details === undefined ? undefined : parseJson(details);
    throw new AttemptFailure(bridge, code, message, isJsonObject(facts) ? { details: facts } : {});
  }
  const succeeded = successBody(operations[operation].output).safeParse(json);
  if (succeeded.success) return succeeded.data.result as Output<Name>;
  // Whatever was asked for has happened or not: a strange answer does not say.
  const code = operations[operation].replay === 'safe' ? 'internal' : 'outcome_unknown';
  const problem = z.prettifyError(succeeded.error).slice(0, 1_000);
  throw new AttemptFailure(bridge, code, `The ${bridge} bridge answered ${operation} (status ${answer.status}) in a form that the contract does not know: ${problem}`);
}

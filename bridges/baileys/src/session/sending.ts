/** Sends messages, and waits until WhatsApp has taken or refused them. */
import { Boom } from '@hapi/boom';
import type { AnyMessageContent, BinaryNode, MessageRelayOptions, WAMessage } from '@whiskeysockets/baileys';
import { generateWAMessage, generateWAMessageFromContent, proto } from '@whiskeysockets/baileys';
import type { Input, Output } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { MessageContent } from '../convert/protos.ts';
import { numberOf } from '../convert/values.ts';
import type { Log } from '../log.ts';
import type { Capture } from './capture.ts';
import { ackFailure, failureOf } from './faults.ts';
import { libraryLog } from './library-log.ts';
import type { Redirect } from './redirect.ts';
import type { Socket } from './socket.ts';

export type Content = AnyMessageContent;
type Key = Input<'message.react'>['key'];
type Quoted = NonNullable<Input<'message.send_text'>['quoted']>;

export interface Sending {
  readonly to: string;
  readonly id: string;
  readonly content: Content | { readonly ready: MessageContent };
  readonly quoted?: Quoted | undefined;
  readonly ephemeral_seconds?: number | undefined;
}

export interface SendParts {
  readonly capture: Capture;
  readonly redirect: Redirect | undefined;
  readonly log: Log;
  readonly now: () => number;
}

/** WhatsApp acknowledges within a second; later ones are seen as the message in the chat. */
const ACK_WITHIN_MS = 10_000;

export function libraryKey({ chat, id, from_me, sender }: Key): WAMessage['key'] {
  return { remoteJid: chat, id, fromMe: from_me, ...(sender !== undefined && { participant: sender }) };
}

export function decodeContent(content: string): MessageContent {
  try {
    return proto.Message.decode(Buffer.from(content, 'base64'));
  } catch (error) {
    throw new Failure('invalid_argument', `"content" is no waE2E.Message: ${(error as Error).message}`);
  }
}

/** Rejects with a Failure. `outcome_unknown`: it was handed over, and nothing came back. */
export async function send(socket: Socket, sending: Sending, parts: SendParts, signal: AbortSignal): Promise<Output<'message.send_text'>> {
  const message = await prepared(socket, sending, parts);
  signal.throwIfAborted();
  const acknowledged = acknowledgement(socket, sending.id, signal);
  try {
    await socket.relayMessage(sending.to, message.message ?? {}, relayOptions(sending));
  } catch (error) {
    acknowledged.stop();
    throw failureOfRelay(error);
  }
  const ack = await acknowledged.node;
  const error = ack?.attrs['error'];
  if (error !== undefined) throw ackFailure(error);
  const timestamp = numberOf(Number(ack?.attrs['t'])) ?? 0;
  const sent = { ...message, status: ack === undefined ? proto.WebMessageInfo.Status.PENDING : proto.WebMessageInfo.Status.SERVER_ACK };
  if (timestamp > 0) sent.messageTimestamp = timestamp;
  parts.capture.seeSent(sent);
  if (ack === undefined) throw new Failure('outcome_unknown', `The message ${sending.id} was handed over, but WhatsApp did not acknowledge it.`);
  const serverId = numberOf(Number(ack.attrs['server_id'] ?? Number.NaN));
  return {
    id: sending.id,
    chat: sending.to,
    timestamp: timestamp > 0 ? timestamp * 1000 : parts.now(),
    stored: false,
    ...(serverId !== undefined && { server_id: serverId }),
  };
}

/** Builds the message, uploading its file. Nothing is sent: every error leaves the chat as it was. */
async function prepared(socket: Socket, sending: Sending, parts: SendParts): Promise<WAMessage> {
  const { to, id, content, quoted, ephemeral_seconds } = sending;
  const options = {
    userJid: socket.user?.id ?? '',
    messageId: id,
    ...(quoted !== undefined && { quoted: quotedMessage(quoted) }),
    ...(ephemeral_seconds !== undefined && ephemeral_seconds > 0 && { ephemeralExpiration: ephemeral_seconds }),
  };
  try {
    if ('ready' in content) return generateWAMessageFromContent(to, content.ready, options);
    return await generateWAMessage(to, content, {
      ...options,
      logger: libraryLog(parts.log),
      upload: socket.waUploadToServer,
      ...(parts.redirect !== undefined && { options: { dispatcher: parts.redirect.dispatcher } as object }),
    });
  } catch (error) {
    throw failureOfFile(error) ?? failureOf(error, 'nothing');
  }
}

/** The file of a message is the caller's: what is wrong with it is told as such. */
function failureOfFile(error: unknown): Failure | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') return new Failure('not_found', `The file cannot be read: ${message}`);
  if (error instanceof Boom || error instanceof Failure) return undefined;
  return new Failure('whatsapp_error', `The message could not be prepared: ${message}`);
}

function quotedMessage({ key, content, text }: Quoted): WAMessage {
  return { key: libraryKey(key), message: content === undefined ? { conversation: text ?? '' } : decodeContent(content) };
}

/** Attributes that tell devices what to do with a message they cannot show (Socket/messages-send.ts:sendMessage). */
function relayOptions({ id, content }: Sending): MessageRelayOptions {
  const additionalAttributes: Record<string, string> = {};
  const additionalNodes: BinaryNode[] = [];
  if ('delete' in content) additionalAttributes['edit'] = content.delete.fromMe === true ? '7' : '8';
  if ('edit' in content) additionalAttributes['edit'] = '1';
  if ('poll' in content) additionalNodes.push({ tag: 'meta', attrs: { polltype: 'creation' } });
  return { messageId: id, additionalAttributes, additionalNodes };
}

/** Before the stanza Baileys looks up devices and keys; their refusals send nothing. A lost connection proves nothing. */
function failureOfRelay(error: unknown): Failure {
  const { message } = error as Error;
  if (/all encryptions failed|no sessions/i.test(message)) {
    return new Failure('not_found', `No device of the recipient could be reached: ${message}`);
  }
  return error instanceof Boom ? failureOf(error, 'something') : new Failure('outcome_unknown', `Sending broke off: ${message}`);
}

interface Acknowledgement {
  /** The `<ack>`; undefined where none came in time. */
  readonly node: Promise<BinaryNode | undefined>;
  stop(): void;
}

function acknowledgement(socket: Socket, id: string, signal: AbortSignal): Acknowledgement {
  const { promise, resolve } = Promise.withResolvers<BinaryNode | undefined>();
  const heard = (node: BinaryNode): void => {
    // Receipts bear the same id; only the ack is the server's.
    if (node.tag === 'ack') resolve(node);
  };
  const stop = (): void => resolve(undefined);
  const timer = setTimeout(stop, ACK_WITHIN_MS);
  socket.ws.on(`TAG:${id}`, heard);
  socket.ws.on('close', stop);
  signal.addEventListener('abort', stop);
  const node = promise.finally(() => {
    clearTimeout(timer);
    socket.ws.off(`TAG:${id}`, heard);
    socket.ws.off('close', stop);
    signal.removeEventListener('abort', stop);
  });
  return { node, stop };
}

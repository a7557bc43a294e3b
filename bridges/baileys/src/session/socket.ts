/** Opens a Baileys socket: the one place that does. A socket lives for one connection. */
import type { BaileysEventMap, BinaryNode, SignalKeyStoreWithTransaction, WASocket } from '@whiskeysockets/baileys';
import { Browsers, DEFAULT_CONNECTION_CONFIG, makeCacheableSignalKeyStore, makeWASocket } from '@whiskeysockets/baileys';
import type { Log } from '../log.ts';
import { canonicalUser } from '../convert/jid.ts';
import { proto } from '../convert/protos.ts';
import type { Own } from '../convert/source.ts';
import type { Staging } from '../history/staging.ts';
import type { Capture } from './capture.ts';
import { rowsOfChange } from './changes.ts';
import type { KeyStore } from './keys.ts';
import { libraryLog } from './library-log.ts';
import type { Redirect } from './redirect.ts';

export type Socket = WASocket;

export interface SocketParts {
  readonly keys: KeyStore;
  readonly capture: Capture;
  readonly staging: Staging;
  readonly log: Log;
  readonly now: () => number;
  readonly simulator: URL | undefined;
  readonly redirect: Redirect | undefined;
  readonly onStaged: (lastSeq: number) => void;
}

/** The account of the linked device; nothing known before it is linked. */
export function ownOf({ creds }: KeyStore): Own {
  return { pn: canonicalUser(creds.me?.id), lid: canonicalUser(creds.me?.lid) };
}

/** Longer than what any operation waits, so that a silent server is named by the operation, not by a wrong answer. */
const QUERY_WITHIN_MS = 45_000;

export function openSocket(parts: SocketParts): Socket {
  const { keys, capture, log, simulator, redirect } = parts;
  const logger = libraryLog(log);
  const socket = makeWASocket({
    auth: { creds: keys.creds, keys: makeCacheableSignalKeyStore(keys.signalKeys(), logger) },
    logger,
    // Only a desktop is given the full history (Utils/validate-connection.ts:getWebInfo).
    browser: Browsers.macOS('Desktop'),
    syncFullHistory: true,
    shouldSyncHistoryMessage: () => true,
    markOnlineOnConnect: false,
    emitOwnEvents: false,
    generateHighQualityLinkPreview: false,
    defaultQueryTimeoutMs: QUERY_WITHIN_MS,
    getMessage: async ({ id }) => sentMessage(parts.staging, id ?? ''),
    // Baileys hands over its own store of keys, which has transactions (Socket/socket.ts: addTransactionCapability).
    makeSignalRepository: (auth, ...rest) => capture.wrap(DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, ...rest), auth.keys as SignalKeyStoreWithTransaction),
    ...(simulator !== undefined && { waWebSocketUrl: simulator.href }),
    ...(redirect !== undefined && { options: { dispatcher: redirect.dispatcher } as object, fetchAgent: redirect.agent }),
  });
  socket.ws.prependListener('CB:message', (node: BinaryNode) => capture.seeStanza(node));
  watchEvents(socket, parts);
  return socket;
}

/** Content of a message that a device asks for again. */
function sentMessage(staging: Staging, id: string): proto.IMessage | undefined {
  const row = staging.liveMessage(id);
  return row?.proto == null ? undefined : (proto.WebMessageInfo.decode(row.proto).message ?? undefined);
}

type Emit = WASocket['ev']['emit'];

/**
 * Sees events where they are emitted: listeners get them merged, late, and without mappings (Utils/event-buffer.ts).
 * History is not passed on: it is read from its notifications, and the buffer would hold it all in memory.
 */
function watchEvents(socket: WASocket, parts: SocketParts): void {
  const emit: Emit = socket.ev.emit.bind(socket.ev);
  const watched: Emit = (event, data) => {
    if (event === 'messaging-history.set') return true;
    if (event === 'creds.update' && keepPresenceQuiet(parts.keys, data as BaileysEventMap['creds.update'])) tellName(socket, parts.log);
    see(event, data, parts);
    return emit(event, data);
  };
  Object.assign(socket.ev, { emit: watched });
  socket.ev.on('creds.update', () => parts.keys.save());
}

function see<Name extends keyof BaileysEventMap>(event: Name, data: BaileysEventMap[Name], { capture, staging, keys, now, onStaged }: SocketParts): void {
  if (event === 'messages.upsert') {
    const upsert = data as BaileysEventMap['messages.upsert'];
    capture.seeUpsert(upsert.messages, upsert.requestId);
    return;
  }
  const rows = rowsOfChange(event, data, { now: now(), own: ownOf(keys) });
  if (rows.length > 0) onStaged(staging.stageLive(rows));
}

/**
 * On every change of credentials whose name differs from the known one, Baileys sends a presence without a type, which
 * WhatsApp takes for "available": the phone then gets no notifications (Socket/socket.ts, listener of creds.update).
 * A name that is already known sends nothing. Answers whether the name of a linked account is new.
 */
function keepPresenceQuiet(keys: KeyStore, update: BaileysEventMap['creds.update']): boolean {
  const { creds } = keys;
  if (update.me === undefined) {
    if (creds.me !== undefined) update.me = creds.me;
    return false;
  }
  const renamed = keys.paired && update.me.name !== undefined && update.me.name !== creds.me?.name;
  creds.me = { ...update.me };
  return renamed;
}

/** Contacts see the push name only of devices that told it; telling it as "unavailable" leaves the phone its notifications. */
function tellName(socket: WASocket, log: Log): void {
  if (!socket.ws.isOpen) return;
  socket.sendPresenceUpdate('unavailable').catch((error: unknown) => log.debug({ reason: (error as Error).message }, 'the name was not told'));
}

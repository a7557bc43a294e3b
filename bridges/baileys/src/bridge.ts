/** The bridge as a whole: opens everything in order, closes it in reverse. */
import { createRequire } from 'node:module';
import type { BridgeStatus } from '@whatsapp-mcp/contract';
import { files } from '@whatsapp-mcp/contract';
import type { Config } from './config.ts';
import type { DataFolder } from './data-folder.ts';
import { makeHandlers } from './handlers/handlers.ts';
import type { ChunkRows } from './history/chunks.ts';
import { decodeConversation } from './convert/history.ts';
import { canonicalJid } from './convert/jid.ts';
import { numberOf } from './convert/values.ts';
import { Downloader } from './history/download.ts';
import { historyStatus } from './history/notifications.ts';
import { Staging } from './history/staging.ts';
import type { Log } from './log.ts';
import { Feed } from './server/feed.ts';
import type { Server } from './server/server.ts';
import { startServer } from './server/server.ts';
import { historyBlob } from './session/blob.ts';
import { Capture } from './session/capture.ts';
import { KeyStore } from './session/keys.ts';
import { redirectTo } from './session/redirect.ts';
import { Session } from './session/session.ts';
import { ownOf } from './session/socket.ts';

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => (require(name) as { version: string }).version;

/** Phones take their time between two chunks; a device that is gone gets the next one only when it is back. */
const MORE_HISTORY_WITHIN_MS = 600_000;
const LAST_HISTORY_WITHIN_MS = 60_000;

export interface Bridge {
  readonly port: number;
  close(): Promise<void>;
}

export async function startBridge(config: Config, folder: DataFolder, log: Log): Promise<Bridge> {
  const parts = openParts(config, folder, log);
  const { feed, session, downloader, staging, keys, status } = parts;
  const handlers = makeHandlers({ ...parts, config });
  let server: Server;
  try {
    server = await startServer({ handlers, feed, token: folder.token, log }, config.port);
  } catch (error) {
    staging.close();
    keys.close();
    throw error;
  }
  folder.announce(server.port);
  session.start();
  downloader.wake();
  log.info({ port: server.port, state: status().state }, 'listening');
  return {
    port: server.port,
    close: async () => {
      await session.close();
      await downloader.close();
      await server.close();
      staging.close();
      keys.close();
    },
  };
}

function openParts(config: Config, folder: DataFolder, log: Log) {
  const now = (): number => Date.now();
  const random = Math.random;
  const feed = new Feed(now);
  const keys = new KeyStore(folder.path(files.baileysSession));
  const staging = new Staging(folder.path(files.staging), now);
  const redirect = config.simulator === undefined ? undefined : redirectTo(config.simulator);
  const onStaged = (lastSeq: number): void => feed.tell({ type: 'staged', last_seq: lastSeq });
  const downloader: Downloader = new Downloader({
    staging,
    log,
    now,
    random,
    readBlob: (notification) => historyBlob(notification, redirect),
    onChunk: (chunk) => {
      session.expect(stillComing(staging) ? MORE_HISTORY_WITHIN_MS : LAST_HISTORY_WITHIN_MS);
      onStaged(chunk.lastSeq);
      if (chunk.sessionId !== undefined) feed.tell({ type: 'history_answer', request_id: chunk.sessionId, messages: chunk.messages, ...answered(chunk) });
    },
  });
  const capture = new Capture({
    staging,
    log,
    now,
    me: () => (keys.creds.me === undefined ? undefined : { id: keys.creds.me.id, lid: keys.creds.me.lid ?? '' }),
    onNotification: () => {
      session.expect(MORE_HISTORY_WITHIN_MS);
      downloader.wake();
    },
    onStaged,
  });
  const session: Session = new Session({
    config,
    keys,
    staging,
    capture,
    redirect,
    log,
    now,
    random,
    onStatus: () => feed.tell({ type: 'status', status: status() }),
    onStaged,
  });
  const status = (): BridgeStatus => readStatus(config, session, keys, staging);
  return { feed, keys, staging, redirect, downloader, capture, session, status, log, now };
}

/** Whether the phone has announced more than has come. */
function stillComing(staging: Staging): boolean {
  const { progress, pending_downloads, chunk_gaps } = historyStatus(staging);
  const unfinished = progress.some(({ sync_type, progress: reached }) => (sync_type === 'RECENT' || sync_type === 'FULL') && (reached ?? 100) < 100);
  return unfinished || pending_downloads > 0 || chunk_gaps > 0;
}

/** What an on-demand answer says of its chat. */
function answered({ rows }: ChunkRows): { chat?: string; end_of_history?: number } {
  const row = rows.find(({ kind }) => kind === 'conversation');
  const chat = canonicalJid(row?.chat);
  const end = row?.proto === undefined ? undefined : numberOf(decodeConversation(row.proto).endOfHistoryTransferType);
  return { ...(chat !== undefined && { chat }), ...(end !== undefined && end <= 3 && { end_of_history: end }) };
}

function readStatus(config: Config, session: Session, keys: KeyStore, staging: Staging): BridgeStatus {
  const own = ownOf(keys);
  const name = keys.creds.me?.name;
  const paired = session.paired;
  return {
    bridge: 'baileys',
    version: versionOf('../package.json'),
    library: `Baileys ${versionOf('@whiskeysockets/baileys/package.json')}`,
    pid: process.pid,
    simulated: config.simulator !== undefined,
    mode: config.mode,
    paired,
    ...(paired && own.pn !== undefined && { own_pn: own.pn }),
    ...(paired && own.lid !== undefined && { own_lid: own.lid }),
    ...(paired && name !== undefined && name !== '~' && { own_name: name.slice(0, 500) }),
    ...session.connection(),
    history: historyStatus(staging),
  };
}


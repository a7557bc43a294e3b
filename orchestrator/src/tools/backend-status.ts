/** What backend_status answers: both bridges, the store, and the tools that can work now. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, bridges, failures, files } from '@whatsapp-mcp/contract';
import type { Bridge, BridgeStatus } from '@whatsapp-mcp/contract';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { shown } from '../store/display-text.ts';
import { localTime } from '../store/local-time.ts';
import { obstacleOf } from '../usability.ts';

/** A bridge that is alive answers its status at once. */
const STATUS_MS = 3_000;

export async function statusReport(context: Context, detail: boolean): Promise<JsonObject> {
  const [whatsmeow, baileys] = await Promise.all(bridges.map((bridge) => bridgeReport(context, bridge, detail)));
  const store = storeReport(context);
  return { whatsmeow, baileys, store, tools: toolsReport(context, { detail, storeWorks: store.works }) };
}

async function bridgeReport(context: Context, bridge: Bridge, detail: boolean): Promise<JsonObject> {
  const circuit = context.backends.circuit(bridge);
  try {
    const status = await context.ask('session.status', {}, { bridge, deadlineMs: STATUS_MS });
    return { reachable: true, ...statusFacts(context, status, detail), circuit };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { reachable: false, problem: error.message, code: error.code, hint: failures[error.code].hint, circuit };
  }
}

function statusFacts(context: Context, status: BridgeStatus, detail: boolean): JsonObject {
  const { format } = localTime(context.timeZone);
  const time = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : format(ms));
  const { history } = status;
  return {
    state: status.state,
    ...(status.reason !== undefined && { reason: status.reason }),
    ...hintOf(status),
    paired: status.paired,
    own_number: status.own_pn,
    own_lid: status.own_lid,
    own_name: status.own_name === undefined ? undefined : shown(status.own_name),
    connected_since: time(status.connected_since),
    last_event: time(status.last_event_at),
    next_attempt: time(status.next_attempt_at),
    restrictions: status.restrictions.map(({ kind, reason, until }) => ({ kind, reason, until: time(until) })),
    passkey: status.passkey?.message,
    simulated: status.simulated,
    mode: status.mode,
    syncing: history.pending_downloads > 0 || history.last_seq > history.acknowledged_seq,
    history: detail ? { ...history, progress: history.progress.map(({ last_chunk_at, ...rest }) => ({ ...rest, last_chunk: time(last_chunk_at) })) } : briefHistory(status),
    version: status.version,
    library: status.library,
    ...(detail && { pid: status.pid }),
  };
}

function briefHistory({ history }: BridgeStatus): JsonObject {
  return {
    waiting_to_merge: Math.max(0, history.last_seq - history.acknowledged_seq),
    pending_downloads: history.pending_downloads,
    failed_downloads: history.failed_downloads,
    progress: history.progress.flatMap(({ sync_type, progress }) => (progress === undefined ? [] : [`${sync_type} ${progress} %`])),
  };
}

/** The way out of a state in which the bridge cannot work. */
const hints: Partial<Record<BridgeStatus['state'], string>> = {
  off: failures.bridge_off.hint,
  unpaired: failures.not_paired.hint,
  pairing: failures.not_paired.hint,
  passkey: failures.passkey_required.hint,
  logged_out: failures.not_paired.hint,
  disconnected: failures.disconnected.hint,
  replaced: 'Another program uses the same linked device. Stop it; the bridge connects again by itself.',
  banned: failures.banned.hint,
  client_outdated: failures.client_outdated.hint,
};

function hintOf({ state }: BridgeStatus): { hint?: string } {
  const hint = hints[state];
  return hint === undefined ? {} : { hint };
}

interface StoreReport extends JsonObject {
  readonly works: boolean;
}

function storeReport(context: Context): StoreReport {
  const path = join(context.config.data_dir, files.messages);
  try {
    const db = context.store.read;
    const one = (sql: string): unknown => db.prepare(sql).pluck().get();
    return {
      works: true,
      path,
      messages: one('SELECT count(*) FROM messages'),
      chats: one('SELECT count(*) FROM chats'),
      schema_version: one('SELECT max(version) FROM schema_migrations'),
      bytes: sizeOf(path) + sizeOf(`${path}-wal`),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { works: false, path, problem: error.message, hint: failures[error.code].hint };
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function toolsReport(context: Context, { detail, storeWorks }: { detail: boolean; storeWorks: boolean }): JsonObject {
  const { catalog, backends } = context;
  const conditions = { storeWorks, stateOf: (bridge: Bridge) => backends.health(bridge).state };
  const checked = catalog.offered.map((tool) => ({ name: tool.name, obstacle: obstacleOf(tool, conditions) }));
  const blocked = Map.groupBy(
    checked.filter(({ obstacle }) => obstacle !== undefined),
    ({ obstacle }) => [obstacle?.bridge, obstacle?.code].filter((part) => part !== undefined).join(': '),
  );
  const usable = checked.filter(({ obstacle }) => obstacle === undefined).map(({ name }) => name);
  const off = catalog.all.filter((tool) => catalog.whyNot(tool) !== undefined);
  return {
    usable: detail ? usable : usable.length,
    not_usable: [...blocked].map(([why, tools]) => ({ why, tools: tools.map(({ name }) => name) })),
    switched_off: detail ? off.map((tool) => ({ tool: tool.name, why: catalog.whyNot(tool) })) : off.length,
  };
}

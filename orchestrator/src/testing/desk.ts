/** Everything that answers calls, over a real messages.db and bridges that do what a test says. */
import type { Bridge, Input, OperationName, Output } from '@whatsapp-mcp/contract';
import { Failure, operations } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import pino from 'pino';
import { AttemptFailure } from '../../routing/attempt.ts';
import type { CallBridge, Router } from '../../routing/router.ts';
import { assemble } from '../assembly.ts';
import { callTool } from '../call.ts';
import type { Caller, Calls } from '../call.ts';
import { readConfig } from '../config.ts';
import { createEventHub } from '../event-hub.ts';
import type { EventHub } from '../event-hub.ts';
import type { CallResult } from '../result.ts';
import { openStore } from '../store/open.ts';
import { SampleStore, START } from '../store/testing/sample-store.ts';

export type Handlers = { readonly [Name in OperationName]?: (input: Input<Name>, bridge: Bridge, signal: AbortSignal) => Output<Name> | Promise<Output<Name>> };

export interface DeskOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly handlers?: Handlers;
  /** Wraps every call; for faults. */
  readonly fault?: (bridge: Bridge, operation: OperationName) => AttemptFailure | undefined;
  readonly now?: () => number;
}

export interface Asked {
  readonly bridge: Bridge;
  readonly operation: OperationName;
  readonly input: Readonly<Record<string, unknown>>;
}

export const OWN = '491511000000@s.whatsapp.net';
export const ADA = '491512000001@s.whatsapp.net';
export const ADA_LID = '900000000001@lid';
export const BOB = '491512000002@s.whatsapp.net';
export const TEAM = '120363000000000001@g.us';

/** Half an hour after the first sample message: it can still be told apart, and edited only when new. */
export const NOW = START + 30 * 60_000;

export class Desk implements Disposable {
  readonly sample = new SampleStore();
  readonly asked: Asked[] = [];
  readonly calls: Calls;
  readonly router: Router;
  readonly events: EventHub = createEventHub();
  readonly logged: string[] = [];
  readonly #reader: Database;

  constructor({ env = {}, handlers = {}, fault = () => undefined, now = () => NOW }: DeskOptions = {}) {
    this.#fill();
    const config = readConfig({ env: { WHATSAPP_DATA_DIR: this.sample.folder, WHATSAPP_TOOLSETS: 'all', WHATSAPP_CONFIRM: 'off', ...env }, home: '/nowhere', readText: () => undefined });
    this.#reader = openStore(`${this.sample.folder}/messages.db`, { mode: 'read' });
    const call: CallBridge = async (bridge, operation, input, { signal }) => {
      this.asked.push({ bridge, operation, input: input });
      const failure = fault(bridge, operation);
      if (failure !== undefined) throw failure;
      const handler = handlers[operation] as ((input: unknown, bridge: Bridge, signal: AbortSignal) => unknown) | undefined;
      if (handler === undefined) throw new AttemptFailure(bridge, 'bridge_down', `no bridge answers ${operation} in this test`);
      operations[operation].input.parse(input);
      return operations[operation].output.parse(await handler(input, bridge, signal)) as never;
    };
    let count = 0;
    const ids = { message: () => `3EB0${String((count += 1)).padStart(18, '0')}`, hex: (bytes: number) => String((count += 1)).padStart(bytes * 2, '0') };
    const log = pino({ level: 'debug' }, { write: (line) => void this.logged.push(line) });
    const store = { read: this.#reader, write: this.sample.database };
    const assembled = assemble({ config, log, store, call, events: this.events, clock: { now }, ids, timeZone: 'Europe/Berlin' });
    this.calls = assembled.calls;
    this.router = assembled.router;
  }

  #fill(): void {
    const { sample } = this;
    sample.insert('meta', { k: 'own_pn', v: OWN });
    sample.chat(ADA, { lid_jid: ADA_LID, unread_count: 1 });
    sample.contact(ADA, { full_name: 'Ada Lovelace' }, { lid_jid: ADA_LID });
    sample.insert('jid_aliases', { alias: ADA_LID, jid: ADA });
    sample.chat(BOB);
    sample.contact(BOB, { push_name: 'Bob' });
    sample.chat(TEAM, { name: 'Team', unread_count: 2 });
    sample.message({ chat: ADA, id: 'FROM-ADA', text: 'Shall we meet?', at: START });
    sample.message({ chat: ADA, id: 'TO-ADA', text: 'Yes', fromMe: true, at: NOW - 60_000 });
    sample.message({ chat: TEAM, id: 'TEAM-1', text: 'Hello team', sender: ADA, at: START, more: { sender_raw: ADA_LID } });
    sample.message({ chat: TEAM, id: 'TEAM-2', text: 'Second', sender: BOB, at: START + 1_000 });
  }

  call(name: string, args: Readonly<Record<string, unknown>> = {}, caller: Partial<Caller> = {}): Promise<CallResult> {
    const host: Caller = { client: 'test', signal: new AbortController().signal, confirm: () => Promise.resolve('unavailable'), progress: () => undefined, ...caller };
    return callTool(this.calls, { name, args }, host);
  }

  /** The structured answer of a call that must succeed. */
  async answer(name: string, args: Readonly<Record<string, unknown>> = {}, caller: Partial<Caller> = {}): Promise<Readonly<Record<string, unknown>>> {
    const { isError, structured } = await this.call(name, args, caller);
    if (isError || structured === undefined) throw new Error(`${name} failed: ${JSON.stringify(structured)}`);
    return structured;
  }

  /** The error of a call that must fail. */
  async failure(name: string, args: Readonly<Record<string, unknown>> = {}, caller: Partial<Caller> = {}): Promise<{ code: string; message: string; backend: string | null; hint: string; retryable: boolean; details?: unknown }> {
    const { isError, structured } = await this.call(name, args, caller);
    if (!isError) throw new Error(`${name} succeeded: ${JSON.stringify(structured)}`);
    return structured?.['error'] as never;
  }

  [Symbol.dispose](): void {
    this.#reader.close();
    this.sample[Symbol.dispose]();
  }
}

export function sent(input: { to?: string; id: string; key?: { chat: string } }): Output<'message.send_text'> {
  const chat = input.to ?? input.key?.chat;
  if (chat === undefined) throw new Failure('internal', 'a send without a chat');
  return { id: input.id, chat, timestamp: NOW, stored: true };
}

/** A bridge as its users run it (a process of its own) against a simulated WhatsApp. */
import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { BridgeEvent, BridgeStatus, Input, Output, OperationName, StagedRow } from '@whatsapp-mcp/contract';
import { files } from '@whatsapp-mcp/contract';

const main = join(import.meta.dirname, '../src/main.ts');
const START_WITHIN_MS = 20_000;

type Reply<Name extends OperationName> =
  | { readonly ok: true; readonly result: Output<Name> }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

export class BridgeUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), 'baileys-bridge-'));
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcessByStdio<null, Readable, Readable> | undefined;
  #exit: Promise<number | string> = Promise.resolve('never started');
  stdout = '';
  readonly log: string[] = [];

  constructor(simulator: string | undefined, env: Readonly<Record<string, string>> = {}) {
    this.#env = { ...(simulator !== undefined && { WHATSAPP_SIMULATOR: simulator }), ...env };
  }

  /** Starts it and resolves when it listens; rejects with its exit code and log when it ends before. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [main], {
      env: { WHATSAPP_DATA_DIR: this.folder, WHATSAPP_BAILEYS_PORT: '0', ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.#exit = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? '')));
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.log.push(line);
      if (line.includes('"msg":"listening"')) resolve(line);
    });
    const timer = setTimeout(() => reject(new Error('it did not start in time')), START_WITHIN_MS);
    void this.#exit.then((code) => reject(new Error(`exit ${code}: ${this.log.join('\n')}`)));
    await promise.finally(() => clearTimeout(timer));
  }

  get exit(): Promise<number | string> {
    return this.#exit;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends it with a signal and waits. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.kill(signal);
    return this.#exit;
  }

  /** Ends it and removes its folder. */
  async dispose(): Promise<void> {
    if (this.#child?.exitCode === null) await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  get origin(): string {
    const { port } = JSON.parse(readFileSync(join(this.folder, files.baileysRun), 'utf8')) as { port: number };
    return `http://127.0.0.1:${port}`;
  }

  get token(): string {
    return readFileSync(join(this.folder, files.token), 'utf8');
  }

  async post(name: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.origin}/v1/${name}`, { method: 'POST', headers: { authorization: `Bearer ${this.token}`, ...headers }, body });
  }

  async ask<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Reply<Name>> {
    return (await this.post(name, JSON.stringify(input))).json() as Promise<Reply<Name>>;
  }

  /** The result; throws where the bridge answers with an error. */
  async call<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Output<Name>> {
    const reply = await this.ask(name, input);
    if (reply.ok) return reply.result;
    throw new Error(`${name}: ${reply.error.code}: ${reply.error.message}\n${this.log.slice(-15).join('\n')}`);
  }

  async status(): Promise<BridgeStatus> {
    return this.call('session.status', {});
  }

  /** Waits until a status fits, woken by the bridge's events. */
  async until(fits: (status: BridgeStatus) => boolean, timeoutMs = 30_000): Promise<BridgeStatus> {
    const stop = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${this.origin}/v1/events`, { headers: { authorization: `Bearer ${this.token}` }, signal: stop });
    let status = await this.status();
    try {
      if (fits(status)) return status;
      for await (const _piece of response.body ?? []) {
        status = await this.status();
        if (fits(status)) return status;
      }
    } catch (error) {
      if (!stop.aborted) throw error;
    } finally {
      if (!stop.aborted) await response.body?.cancel().catch(() => undefined);
    }
    throw new Error(`no status fitted within ${timeoutMs} ms; the last was ${JSON.stringify(status)}\n${this.log.slice(-15).join('\n')}`);
  }

  /** Waits for an event. */
  async event(fits: (event: BridgeEvent) => boolean, begin: () => Promise<unknown>, timeoutMs = 20_000): Promise<BridgeEvent> {
    const response = await fetch(`${this.origin}/v1/events`, { headers: { authorization: `Bearer ${this.token}` }, signal: AbortSignal.timeout(timeoutMs) });
    await begin();
    let text = '';
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece as Uint8Array).toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      const found = lines.filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)) as BridgeEvent).find(fits);
      if (found !== undefined) return found;
    }
    throw new Error('the stream of events ended');
  }

  /** All rows after a sequence number, page by page. */
  async rows(afterSeq = 0, limit = 1000): Promise<StagedRow[]> {
    const rows: StagedRow[] = [];
    for (let after = afterSeq; ; ) {
      const page = await this.call('history.page', { after_seq: after, limit });
      const last = page.rows.at(-1);
      if (last === undefined) return rows;
      rows.push(...page.rows);
      after = last.seq;
    }
  }

  /** The first row that fits, waiting for it. */
  async row(fits: (row: StagedRow) => boolean, timeoutMs = 15_000): Promise<StagedRow> {
    let after = 0;
    let found: StagedRow | undefined;
    const stop = Date.now() + timeoutMs;
    while (found === undefined) {
      const page = await this.call('history.page', { after_seq: after, limit: 1000 });
      found = page.rows.find(fits);
      const last = after;
      after = page.rows.at(-1)?.seq ?? after;
      if (after === last) await this.until(({ history }) => history.last_seq > last, Math.max(stop - Date.now(), 1));
    }
    return found;
  }
}

/** Links the bridge to the owner's phone and waits until it is connected. */
export async function link(bridge: BridgeUnderTest, owner: { scanQr(text: string): Promise<unknown> }): Promise<BridgeStatus> {
  const shown = await bridge.call('session.pair_qr', {});
  await owner.scanQr(shown.qr ?? '');
  return bridge.until(({ state, paired }) => paired && state === 'connected');
}

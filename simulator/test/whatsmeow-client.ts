import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { Simulator } from '../src/index.ts';

/** One line of the client's output. */
export interface Line {
  readonly event?: string;
  readonly answer?: number;
  readonly error?: string;
  readonly result?: unknown;
  readonly [field: string]: unknown;
}

/** What `message` holds in a line about events.Message. */
export interface WhatsmeowMessage {
  readonly id: string;
  readonly chat: string;
  readonly sender: string;
  readonly from_me: boolean;
  readonly text: string;
  readonly edit: string;
}

/** The real whatsmeow, in its own process (test/whatsmeow). */
export class WhatsmeowClient {
  readonly heard: Line[] = [];
  /** What it logged: warnings, and all it has to say where WHATSMEOW_LOG=DEBUG is set. */
  log = '';
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly listeners = new Set<() => void>();
  private lastRef = 0;

  constructor(binary: string, simulator: Simulator, folder: string) {
    const root = Buffer.from(simulator.noiseRoot).toString('hex');
    this.process = spawn(binary, [new URL(simulator.origin).host, root, join(folder, 'whatsmeow.db')]);
    this.process.stderr.on('data', (chunk: Buffer) => {
      this.log += chunk.toString();
    });
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      this.heard.push(JSON.parse(line) as Line);
      for (const listener of [...this.listeners]) listener();
    });
  }

  /** Runs a command of test/whatsmeow/commands.go; rejects with its error. */
  async do(command: string, fields: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    this.lastRef += 1;
    const ref = this.lastRef;
    this.process.stdin.write(`${JSON.stringify({ do: command, ref, ...fields })}\n`);
    const line = await this.hear((heard) => heard.answer === ref, 30_000);
    if (line.error !== undefined) throw new Error(`whatsmeow could not ${command}: ${line.error}`);
    return line.result;
  }

  /** The first line that fits, past or future. */
  hear(fits: (line: Line) => boolean, timeoutMs = 15_000): Promise<Line> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.heard.find(fits);
        if (found === undefined) return;
        done();
        resolve(found);
      };
      const timer = setTimeout(() => {
        done();
        const names = this.heard.map((line) => line.event ?? `answer ${line.answer ?? ''}`).join(' ');
        reject(new Error(`whatsmeow did not say what was awaited within ${timeoutMs} ms; it said: ${names}\n${this.log}`));
      }, timeoutMs);
      const done = () => {
        clearTimeout(timer);
        this.listeners.delete(look);
      };
      this.listeners.add(look);
      look();
    });
  }

  hearEvent(name: string, fits: (line: Line) => boolean = () => true, timeoutMs?: number): Promise<Line> {
    return this.hear((line) => line.event === `*events.${name}` && fits(line), timeoutMs);
  }

  /** Links to a phone by QR code and waits until it is connected as a device. */
  async link(phone: Simulator['owner']): Promise<void> {
    await this.do('connect');
    const { codes } = (await this.hearEvent('QR')) as unknown as { codes: string[] };
    await phone.scanQr(codes[0] ?? '');
    await this.hearEvent('Connected');
  }

  messages(): WhatsmeowMessage[] {
    return this.heard.flatMap((line) => (line['message'] === undefined ? [] : [line['message'] as WhatsmeowMessage]));
  }

  async hearText(text: string): Promise<WhatsmeowMessage> {
    const line = await this.hearEvent('Message', (heard) => (heard['message'] as WhatsmeowMessage).text === text);
    return line['message'] as WhatsmeowMessage;
  }

  forget(): void {
    this.heard.length = 0;
  }

  /** Ends the process and waits for it. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.stdin.end();
    await ended;
  }
}

/** The whole system on one machine: a simulated WhatsApp, both bridges on free ports, a throw-away data folder. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bridge, BridgeStatus } from '@whatsapp-mcp/contract';
import { files } from '@whatsapp-mcp/contract';
import Database from 'better-sqlite3';
import { startSimulator } from 'wa-sim';
import type { Simulator, SimulatorOptions } from 'wa-sim';
import { BridgeProcess } from './bridge-process.ts';
import { Closing } from './closing.ts';
import { McpHost } from './mcp-client.ts';
import { readQr } from './qr-picture.ts';
import { until } from './until.ts';

const LINK_WITHIN_MS = 60_000;

export interface SystemOptions {
  readonly world: NonNullable<SimulatorOptions['world']>;
  /** Settings of the bridges and of every MCP server. */
  readonly env?: Readonly<Record<string, string>>;
}

export class System {
  readonly simulator: Simulator;
  readonly dataDir: string;
  readonly bridges: Readonly<Record<Bridge, BridgeProcess>>;
  readonly #closing: Closing;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(simulator: Simulator, dataDir: string, { closing, env }: { closing: Closing; env: Readonly<Record<string, string>> }) {
    this.simulator = simulator;
    this.dataDir = dataDir;
    this.#closing = closing;
    this.#env = env;
    const options = { dataDir, env: { ...env, WHATSAPP_SIMULATOR: simulator.url } };
    this.bridges = { whatsmeow: new BridgeProcess('whatsmeow', options), baileys: new BridgeProcess('baileys', options) };
  }

  /** Starts everything but the MCP servers; nothing is linked yet. What was started is stopped when anything fails. */
  static async start({ world, env = {} }: SystemOptions): Promise<System> {
    const closing = new Closing();
    try {
      const dataDir = mkdtempSync(join(tmpdir(), 'whatsapp-mcp-'));
      closing.add(() => rmSync(dataDir, { recursive: true, force: true }));
      const simulator = await startSimulator({ world });
      closing.add(() => simulator.close());
      const system = new System(simulator, dataDir, { closing, env });
      await Promise.all(Object.values(system.bridges).map((bridge) => system.#startBridge(bridge)));
      return system;
    } catch (error) {
      await closing.run();
      throw error;
    }
  }

  async #startBridge(bridge: BridgeProcess): Promise<void> {
    this.#closing.add(() => bridge.stop());
    await bridge.start();
  }

  /** Starts an MCP server with its own client. It is closed with the system, if not before. */
  async host(env: Readonly<Record<string, string>> = {}): Promise<McpHost> {
    const host = await McpHost.start({ dataDir: this.dataDir, env: { ...this.#env, WHATSAPP_SIMULATOR: this.simulator.url, ...env } });
    this.#closing.add(() => host.close());
    return host;
  }

  /** Links a bridge as a person does: asks the MCP server for the QR and holds the phone's camera in front of it. */
  async pair(host: McpHost, bridge: Bridge): Promise<void> {
    const answer = await host.raw('get_pairing_qr', { backend: bridge, wait_seconds: 30 });
    const picture = answer.content.find((part) => part.type === 'image');
    if (picture === undefined) throw new Error(`get_pairing_qr shows no picture for ${bridge}: ${JSON.stringify(answer.content)}`);
    await this.simulator.owner.scanQr(readQr(picture.data));
    await this.waitForStatus(bridge, ({ paired, state }) => paired && (state === 'connected' || state === 'idle'), LINK_WITHIN_MS);
  }

  status(bridge: Bridge): Promise<BridgeStatus> {
    return this.bridges[bridge].call('session.status') as Promise<BridgeStatus>;
  }

  async waitForStatus(bridge: Bridge, fits: (status: BridgeStatus) => boolean, withinMs: number): Promise<BridgeStatus> {
    let last: unknown;
    const ask = async (): Promise<BridgeStatus | undefined> => {
      const status = await this.status(bridge);
      last = status;
      return fits(status) ? status : undefined;
    };
    return until(`status of the ${bridge} bridge`, ask, { withinMs, last: () => last });
  }

  /** Rows of messages.db, read past every cache, as SQL sees them; none while there is no database yet. */
  query<Row>(sql: string, ...parameters: unknown[]): Row[] {
    const path = join(this.dataDir, files.messages);
    if (!existsSync(path)) return [];
    const database = new Database(path, { readonly: true });
    try {
      return database.prepare(sql).all(...parameters) as Row[];
    } finally {
      database.close();
    }
  }

  /** What the bridges and the simulator said last: for the message of a failed test. */
  logs(): string {
    return Object.values(this.bridges).map((bridge) => `--- ${bridge.bridge}\n${bridge.tail()}`).join('\n');
  }

  /** Stops all of it, on every path, and removes the data folder. */
  close(): Promise<void> {
    return this.#closing.run();
  }
}

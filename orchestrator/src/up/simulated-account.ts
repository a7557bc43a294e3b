/** The simulated WhatsApp of `make up SIM=1`: its port, its settings, and its phone, which scans by itself. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { z } from 'zod';
import type { Layout } from './layout.ts';
import { refuseHopeless } from './bridge-line.ts';
import { logPath, pathIn, readJson, simulatorPaths, writeJson } from './layout.ts';

const SimulatorSettings = z.strictObject({ port: z.int().min(1).max(65_535) });

const ANSWER_WITHIN_MS = 2_000;
const PROBE_MS = 150;
/** Linking means key generation, a login and the first chunks of history. */
const SCAN_WITHIN_MS = 60_000;

/**
 * The port of the account's simulator, the same at every start: linked bridges come back to it. A free one is chosen the
 * first time. Also tells the MCP server that this account's bridges are to be found by their run files alone.
 */
export async function simulatorPort(layout: Layout): Promise<number> {
  const { settings } = simulatorPaths(layout);
  const config = pathIn(layout, 'config');
  if (!existsSync(config)) writeJson(config, { whatsmeow_port: 0, baileys_port: 0 });
  const known = readJson(settings);
  if (known !== undefined) return SimulatorSettings.parse(known).port;
  const port = await freePort();
  writeJson(settings, { port });
  return port;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function origin(layout: Layout): string | undefined {
  const known = readJson(simulatorPaths(layout).settings);
  return known === undefined ? undefined : `http://127.0.0.1:${SimulatorSettings.parse(known).port}`;
}

/** Whether the account's simulator listens. */
export async function simulatorAnswers(layout: Layout): Promise<boolean> {
  const at = origin(layout);
  if (at === undefined) return false;
  const answer = await request(`${at}/noise-root`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(() => undefined);
  await answer?.body.dump();
  return answer?.statusCode === 200;
}

/** Waits until the account's simulator listens. Throws when it cannot run. */
export async function waitForSimulator(layout: Layout, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await simulatorAnswers(layout))) {
    refuseHopeless(layout, 'simulator');
    if (Date.now() > deadline) throw new Error(`The simulator does not answer: ${logPath(layout, 'simulator')} may say why.`);
    await pause(PROBE_MS);
  }
}

/** Has the simulated phone of the account's owner scan a QR, as a person would with a camera. */
export async function scan(layout: Layout, qr: string): Promise<void> {
  const at = origin(layout);
  if (at === undefined) throw new Error(`${layout.dataDir} has no simulator`);
  const answer = await request(`${at}/control/scan_qr`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ qr }),
    signal: AbortSignal.timeout(SCAN_WITHIN_MS),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`the simulated phone did not link the device (status ${answer.statusCode}): ${text.slice(0, 500)}`);
}

/** Asks both bridges of a data folder, and says in one line each how they are. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bridge, BridgeStatus } from '@whatsapp-mcp/contract';
import { Failure, failures } from '@whatsapp-mcp/contract';
import { createAddressBook } from '../bridge-address.ts';
import { createBridgeClient } from '../bridges.ts';
import type { BridgeClient } from '../bridges.ts';
import type { Layout } from './layout.ts';
import { readSupervisorState } from './run-state.ts';

const ASK_WITHIN_MS = 5_000;
const PROBE_MS = 150;
const HOPELESS_AFTER_RESTARTS = 3;

export interface Ports {
  readonly whatsmeow: number;
  readonly baileys: number;
}

/** Client of the two bridges; close it. */
export function bridgeClient(layout: Layout, ports: Ports): BridgeClient {
  return createBridgeClient(createAddressBook(layout.dataDir, ports));
}

/** The bridge's own status. Throws Failure where it does not answer. */
export function askStatus(client: BridgeClient, bridge: Bridge): Promise<BridgeStatus> {
  return client.call(bridge, 'session.status', {}, { deadlineMs: ASK_WITHIN_MS, signal: AbortSignal.timeout(ASK_WITHIN_MS) });
}

/** Status, or the failure that came instead. Other errors are defects and are thrown. */
export async function statusOrFailure(client: BridgeClient, bridge: Bridge): Promise<BridgeStatus | Failure> {
  try {
    return await askStatus(client, bridge);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

export interface Wait {
  readonly layout: Layout;
  readonly fits: (status: BridgeStatus) => boolean;
  readonly withinMs: number;
}

/** Waits until the bridge's status fits; undefined when it never does. Throws when the bridge cannot run at all. */
export async function pollStatus(client: BridgeClient, bridge: Bridge, { layout, fits, withinMs }: Wait): Promise<BridgeStatus | undefined> {
  const deadline = Date.now() + withinMs;
  do {
    const found = await statusOrFailure(client, bridge);
    if (!(found instanceof Failure) && fits(found)) return found;
    refuseHopeless(layout, bridge);
    await pause(PROBE_MS);
  } while (Date.now() < deadline);
  return undefined;
}

/** A program that cannot run, or ended so often that it will not run soon: its log is what helps. */
export function refuseHopeless(layout: Layout, name: Bridge | 'simulator'): void {
  const program = readSupervisorState(layout)?.programs[name];
  if (program === undefined || program.state === 'running') return;
  if (program.state === 'waiting' && program.restarts < HOPELESS_AFTER_RESTARTS) return;
  const tail = existsSync(program.log) ? readFileSync(program.log, 'utf8').trimEnd().split('\n').slice(-3).join('\n') : '';
  throw new Error(`The ${name === 'simulator' ? name : `${name} bridge`} ends as soon as it starts (${program.last_exit ?? 'no reason given'}). ${program.log} ends:\n${tail}`);
}

/** The same, but throws an Error that says how the bridge stands when its status never fits. */
export async function waitForStatus(client: BridgeClient, bridge: Bridge, wait: Wait): Promise<BridgeStatus> {
  const found = await pollStatus(client, bridge, wait);
  if (found !== undefined) return found;
  const program = readSupervisorState(wait.layout)?.programs[bridge];
  throw new Error(`${statusLine(bridge, await statusOrFailure(client, bridge))}. Its log: ${program?.log ?? 'none, it was never started'}`);
}

const sentences: Readonly<Record<BridgeStatus['state'], string>> = {
  starting: 'is starting',
  off: 'is switched off by WHATSAPP_BAILEYS=off',
  unpaired: 'is not linked yet',
  pairing: 'waits for the phone to scan its code',
  passkey: 'waits for a passkey',
  connecting: 'is connecting to WhatsApp',
  connected: 'is connected',
  idle: 'is linked, and connects when something needs it',
  disconnected: 'cannot reach WhatsApp at the moment and keeps trying',
  replaced: 'was replaced by another program that uses the same link; it waits before it tries again',
  logged_out: 'was unlinked on the phone',
  banned: 'cannot connect: WhatsApp has banned this account for a time',
  client_outdated: 'cannot connect: WhatsApp refuses this version, update this project',
  stopping: 'is stopping',
};

/** States that linking ends. */
const unlinked: ReadonlySet<BridgeStatus['state']> = new Set(['unpaired', 'pairing', 'passkey', 'logged_out']);

/** One line for a person: what the bridge is doing, as whom, and why not. */
export function statusLine(bridge: Bridge, found: BridgeStatus | Failure): string {
  const name = `${bridge} bridge`.padEnd(17);
  if (found instanceof Failure) return `${name} does not answer: ${found.message} ${failures[found.code].hint}`;
  const parts = [
    sentences[found.state],
    found.paired && found.own_pn !== undefined ? `as ${found.own_pn}` : undefined,
    found.simulated ? 'on the simulator' : undefined,
    found.reason === undefined ? undefined : `(${found.reason})`,
    unlinked.has(found.state) ? `– link it: make link${found.simulated ? ' SIM=1' : ''}` : undefined,
  ];
  return `${name} ${parts.filter((part) => part !== undefined).join(' ')}`;
}

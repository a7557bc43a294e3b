/** What the cases are about: a small simulated WhatsApp, both bridges, and names for the people and files in it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bridge } from '@whatsapp-mcp/contract';
import { sampleOf, specOf, worldOf } from 'wa-sim';
import type { SampleKind, World } from 'wa-sim';
import { System } from '../harness/system.ts';
import { until } from '../harness/until.ts';
import type { Names } from './pattern.ts';

const LINK_WITHIN_MS = 60_000;
/** Few: the cases bring their own messages. */
const MESSAGES = 120;

/** Names of the cases, and the names that these people chose. */
const people: Readonly<Record<string, string>> = {
  emma: 'Emma',
  hannah: 'Hannah',
  priya: 'Priya',
  aidan: 'Aidan',
  patrick: 'Patrick',
  bakery: 'Millstone Bakery',
};

const samples: Readonly<Record<string, readonly [SampleKind, string]>> = {
  photo: ['image', 'photo.jpg'],
  video: ['video', 'video.mp4'],
  voice: ['ptt', 'voice.ogg'],
  document: ['document', 'paper.pdf'],
  sticker: ['sticker', 'smile.webp'],
};

export const otherBridge = (bridge: Bridge): Bridge => (bridge === 'whatsmeow' ? 'baileys' : 'whatsmeow');

/** The system of one run; nothing is linked yet. */
export function openSystem(): Promise<System> {
  return System.start({ world: worldOf(specOf('demo', { totalMessages: MESSAGES })), env: { WHATSAPP_BAILEYS: 'always' } });
}

/** Links a bridge without an MCP server: by its own operation and the phone's camera. */
export async function link(system: System, bridge: Bridge): Promise<void> {
  const { qr } = (await system.bridges[bridge].call('session.pair_qr', { wait_ms: 30_000 })) as { qr?: string };
  if (qr === undefined) throw new Error(`session.pair_qr of ${bridge} shows no code`);
  const companion = await system.simulator.owner.scanQr(qr);
  await system.waitForStatus(bridge, ({ state }) => state === 'connected', LINK_WITHIN_MS);
  await companion.whenBootstrapped({ timeoutMs: LINK_WITHIN_MS });
}

/** The names that every case knows. */
export function castOf(system: System): Names {
  const { simulator } = system;
  const everybody = [...simulator.world.people.values()];
  const named = (pushName: string) => {
    const person = everybody.find((one) => one.pushName === pushName);
    if (person === undefined) throw new Error(`nobody is called ${pushName}`);
    return personNames(person);
  };
  return {
    ...Object.fromEntries(Object.entries(people).map(([name, pushName]) => [name, named(pushName)])),
    owner: personNames(simulator.world.owner),
    files: filesIn(join(system.dataDir, 'files')),
    channel: [...simulator.world.newsletters.values()].find(({ role }) => role === 'subscriber'),
    community: [...simulator.world.groups.values()].find(({ kind }) => kind === 'community'),
    origin: simulator.origin,
  };
}

const personNames = ({ pn, lid, about, business }: Person) => ({ number: pn, pn: `${pn}@s.whatsapp.net`, lid: `${lid}@lid`, about, business });

type Person = Pick<World['owner'], 'pn' | 'lid' | 'about' | 'business'>;

/** Keeps the receipts that the server is given, from now on. */
export function keepReceipts({ simulator }: System): Map<string, Set<string>> {
  const kept = new Map<string, Set<string>>();
  simulator.on('receipt', ({ id, type }) => kept.set(type, (kept.get(type) ?? new Set()).add(id)));
  return kept;
}

/** Writes the files that cases send; `files.folder` is there for what they download. */
function filesIn(folder: string): Names {
  mkdirSync(folder, { mode: 0o700 });
  const made = Object.entries(samples).map(([name, [kind, fileName]]) => {
    const { bytes, sha256, mimetype } = sampleOf(kind, 1);
    const path = join(folder, fileName);
    writeFileSync(path, bytes);
    return [name, { path, mimetype, bytes: bytes.length, sha256: sha256.toString('base64'), base64: bytes.toString('base64') }] as const;
  });
  return { folder, ...Object.fromEntries(made) };
}

/** Undoes what a case did to the world: faults, refusals, silence. Ends when the bridge is connected again. */
export async function calm(system: System, bridge: Bridge): Promise<void> {
  const { simulator } = system;
  simulator.faults.clear();
  simulator.exchange.refusals.clear();
  simulator.state.catalogs.answers = true;
  simulator.owner.restrictions.setTimelock(undefined);
  if (!simulator.owner.online) simulator.owner.setOnline(true);
  await until(`${bridge} connected`, async () => ((await system.status(bridge)).state === 'connected' ? true : undefined), { withinMs: LINK_WITHIN_MS, everyMs: 20 });
}

import * as z from 'zod';
import { collectionNames } from '../appstate/index.ts';

/** Binary fields are base64 in the file. */
const bytes = z.base64().transform((text): Uint8Array => Buffer.from(text, 'base64'));

const publicKey = z.object({ id: z.int(), publicKey: bytes });

const pool = z.object({
  registrationId: z.int(),
  identity: bytes,
  signed: publicKey.extend({ signature: bytes }),
  oneTime: z.array(publicKey),
});

/** What every device has: public keys, and encoded stanzas it has not acknowledged. */
const device = z.object({ keys: pool, outbox: z.array(bytes) });

const companion = device.extend({
  id: z.int().min(1).max(255),
  record: z.object({
    noiseKey: bytes,
    signedIdentity: bytes,
    platform: z.string(),
    keyIndex: z.int(),
    wantsFullHistory: z.boolean(),
    linkedAt: z.int(),
    bootstrapped: z.boolean(),
  }),
});

const phone = device.extend({
  lastPreKeyId: z.int(),
  preKeys: z.array(publicKey.extend({ privateKey: bytes })),
  sessions: z.record(z.string(), bytes),
  senderKeys: z.record(z.string(), bytes),
});

const account = z.object({
  person: z.string(),
  lastDeviceId: z.int(),
  appState: z.record(z.enum(collectionNames), z.array(z.string()).readonly()),
  phone,
  companions: z.array(companion),
});

/** A message that was sent or received since the world was made. */
const line = z.object({
  id: z.string(),
  chat: z.string(),
  sender: z.string(),
  fromMe: z.boolean(),
  timestamp: z.int(),
  content: bytes,
});

/** Everything that a restarted simulator needs to be the same server, beside its seed and world. */
export const Snapshot = z.object({
  version: z.literal(1),
  seed: z.int(),
  /** Name of the world's spec. */
  world: z.string(),
  accounts: z.array(account),
  journal: z.array(line),
});

/** As it stands in the file. */
export type StoredSnapshot = z.input<typeof Snapshot>;
/** As it is used, with bytes. */
export type LoadedSnapshot = z.output<typeof Snapshot>;
export type LoadedAccount = LoadedSnapshot['accounts'][number];

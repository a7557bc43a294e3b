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

const seconds = z.int();

/** See `Group` in world/types.ts. */
const group = z.object({
  id: z.string(),
  jid: z.string(),
  kind: z.enum(['group', 'community', 'announcement']),
  subject: z.string(),
  subjectBy: z.string(),
  subjectAt: seconds,
  description: z.object({ id: z.string(), text: z.string(), by: z.string(), at: seconds }).optional(),
  creator: z.string(),
  createdAt: seconds,
  addressing: z.enum(['pn', 'lid']),
  members: z.array(z.object({ person: z.string(), role: z.enum(['member', 'admin', 'superadmin']) })),
  past: z.array(z.object({ person: z.string(), leftAt: seconds, reason: z.enum(['left', 'removed']) })),
  parent: z.string().optional(),
  announce: z.boolean(),
  locked: z.boolean(),
  memberAddMode: z.enum(['admin_add', 'all_member_add']),
  joinApproval: z.boolean(),
  ephemeral: z.int(),
  inviteCode: z.string(),
});

/** What may change about a person, and what a new one is made from. */
const person = z.object({
  pn: z.string(),
  name: z.string().optional(),
  pushName: z.string(),
  about: z.string(),
  aboutSetAt: seconds,
  mapping: z.enum(['known', 'late', 'never']),
  language: z.enum(['en', 'es', 'fr', 'de', 'pt', 'ar', 'he', 'zh', 'ja', 'th', 'hi']),
});

/** Everything that a restarted simulator needs to be the same server, beside its seed and world. */
export const Snapshot = z.object({
  version: z.literal(1),
  seed: z.int(),
  /** Name of the world's spec. */
  world: z.string(),
  accounts: z.array(account),
  people: z.array(person),
  groups: z.array(group),
  journal: z.array(line),
});

/** As it stands in the file. */
export type StoredSnapshot = z.input<typeof Snapshot>;
/** As it is used, with bytes. */
export type LoadedSnapshot = z.output<typeof Snapshot>;
export type LoadedAccount = LoadedSnapshot['accounts'][number];

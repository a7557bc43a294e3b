import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../exchange/account.ts';
import type { CompanionRecord, Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { PreKeyPool, PublicPreKey } from '../exchange/pre-keys.ts';
import type { SignalStore } from '../phone/signal-store.ts';
import { encodeNode } from '../wire/encoder.ts';
import type { Person } from '../world/types.ts';
import type { StoredSnapshot } from './snapshot.ts';

type StoredAccount = StoredSnapshot['accounts'][number];

/** Writes down the linked devices, the keys and sessions of phones, app state, and what was said. */
export function dump(exchange: Exchange, seed: number, storeOf: (account: Account) => SignalStore): StoredSnapshot {
  return {
    version: 1,
    seed,
    world: exchange.world.spec.name,
    accounts: [...exchange.directory.known()].map((account) => dumpAccount(account, storeOf(account))),
    people: [...exchange.world.people.values()].map(dumpPerson),
    groups: [...exchange.world.groups.values()].map(({ members, past, ...group }) => ({ ...group, members: [...members], past: [...past] })),
    journal: exchange.journal.map((line) => ({ ...line, content: base64(proto.Message.encode(line.content).finish()) })),
  };
}

function dumpAccount(account: Account, store: SignalStore): StoredAccount {
  return {
    person: account.person.id,
    lastDeviceId: account.lastDeviceId,
    appState: account.appState.dump(),
    phone: { ...dumpDevice(account.phone), ...dumpStore(store) },
    companions: account.companions.flatMap((device) =>
      device.companion === undefined ? [] : [{ id: device.id, ...dumpDevice(device), record: dumpRecord(device.companion) }],
    ),
  };
}

function dumpPerson({ pn, name, pushName, about, aboutSetAt, mapping, language }: Person) {
  return { pn, name, pushName, about, aboutSetAt, mapping, language };
}

function dumpDevice({ keys, outbox }: Device) {
  return { keys: dumpPool(keys), outbox: outbox.snapshot().map((stanza) => base64(encodeNode(stanza))) };
}

function dumpPool(pool: PreKeyPool) {
  const signed = { ...dumpKey(pool.signed), signature: base64(pool.signed.signature) };
  return { registrationId: pool.registrationId, identity: base64(pool.identity), signed, oneTime: pool.oneTimeKeys().map(dumpKey) };
}

function dumpKey({ id, publicKey }: PublicPreKey) {
  return { id, publicKey: base64(publicKey) };
}

function dumpRecord(record: CompanionRecord) {
  return { ...record, noiseKey: base64(record.noiseKey), signedIdentity: base64(record.signedIdentity) };
}

function dumpStore(store: SignalStore) {
  const preKeys = [...store.preKeys].map(([id, pair]) => ({ id, publicKey: base64(pair.publicKey), privateKey: base64(pair.privateKey) }));
  return { lastPreKeyId: store.lastPreKeyId, preKeys, sessions: dumpMap(store.sessions), senderKeys: dumpMap(store.senderKeys) };
}

function dumpMap(map: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...map].map(([key, value]) => [key, base64(value)]));
}

function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64');
}

import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../exchange/account.ts';
import { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Outbox } from '../exchange/outbox.ts';
import { PreKeyPool } from '../exchange/pre-keys.ts';
import { chronicle } from '../phone/chronicle.ts';
import type { SignalStore } from '../phone/signal-store.ts';
import { decodeNode } from '../wire/decoder.ts';
import type { Group, World } from '../world/types.ts';
import type { LoadedAccount, LoadedSnapshot } from './snapshot.ts';

/** Puts a snapshot into a fresh simulator of the same seed and world, before it listens. */
export function restore(exchange: Exchange, snapshot: LoadedSnapshot, storeOf: (account: Account) => SignalStore): void {
  for (const person of snapshot.people) restorePerson(exchange.world, person);
  for (const stored of snapshot.accounts) {
    const account = exchange.directory.accountOf(stored.person);
    restorePhone(exchange, stored, storeOf(account));
    for (const companion of stored.companions) {
      const keys = new PreKeyPool(companion.keys, companion.keys.oneTime);
      const outbox = new Outbox(companion.outbox.map(decodeNode));
      account.attach(new Device(account, companion.id, { keys, companion: companion.record, outbox }));
    }
    account.lastDeviceId = stored.lastDeviceId;
  }
  for (const group of snapshot.groups) restoreGroup(exchange.world, group);
  for (const line of snapshot.journal) {
    const known = { ...line, content: proto.Message.decode(line.content) };
    exchange.journal.push(known);
    chronicle(exchange.world, known);
  }
}

/** People change their names, and new ones come: a new one's hidden id follows from the number. */
function restorePerson(world: World, { pn, name, mapping, language, ...rest }: LoadedSnapshot['people'][number]): void {
  const person = world.people.get(pn) ?? world.addPerson({ pn, mapping, language });
  Object.assign(person, rest, { name });
}

/** Groups change, and new ones are made: each is as it was. */
function restoreGroup(world: World, { description, parent, ...rest }: LoadedSnapshot['groups'][number]): void {
  const stored: Group = { ...rest, description, parent };
  const known = world.groups.get(stored.jid);
  if (known === undefined) world.foundGroup(stored);
  else Object.assign(known, stored);
  if (stored.members.some(({ person }) => person === world.owner.id)) world.openGroup(stored.jid);
}

function restorePhone(exchange: Exchange, { person, phone }: LoadedAccount, store: SignalStore): void {
  const account = exchange.directory.accountOf(person);
  account.phone.keys.replace(phone.keys.oneTime);
  account.phone.outbox.replace(phone.outbox.map(decodeNode));
  store.restore(phone);
  // The phone was switched on without what waited for it.
  account.phone.active = false;
  exchange.activate(account.phone);
}

import * as z from 'zod';
import { actions, isCollection } from '../appstate/index.ts';
import type { Action } from '../appstate/index.ts';
import { account, method, phoneOf } from './method.ts';
import type { Method } from './method.ts';

/** What a phone does to its own chats and contacts, which its linked devices hear of through app state. */
export const settingMethods: Readonly<Record<string, Method>> = {
  change_chat: method({
    about: 'Lets a phone pin, archive, mute or mark a chat; the linked devices hear of it.',
    input: z.strictObject({
      account,
      chat: z.string().describe('The JID under which app state files the chat'),
      pinned: z.boolean().optional(),
      archived: z.boolean().optional(),
      muted_until: z.number().describe('Unix milliseconds, -1 for ever, 0 not muted').optional(),
      read: z.boolean().optional(),
    }),
    run: (simulator, { account: who, chat, pinned, archived, muted_until: mutedUntil, read }) => {
      const range = { lastTimestamp: Math.floor(simulator.exchange.clock.now() / 1000) };
      const changes: (Action | undefined)[] = [
        pinned === undefined ? undefined : actions.pin(chat, pinned),
        archived === undefined ? undefined : actions.archive(chat, archived, range),
        mutedUntil === undefined ? undefined : actions.mute(chat, mutedUntil),
        read === undefined ? undefined : actions.markRead(chat, read, range),
      ];
      phoneOf(simulator, who).change(...changes.filter((change) => change !== undefined));
    },
  }),
  name_contact: method({
    about: 'Lets a phone give a person a name in its address book.',
    input: z.strictObject({ account, contact: z.string(), name: z.string().min(1).max(200) }),
    run: (simulator, { account: who, contact, name }) => {
      const { pn, lid } = simulator.phone(contact);
      phoneOf(simulator, who).change(actions.contact(pn, { fullName: name, lidJid: lid }));
    },
  }),
  setting: method({
    about: 'What is set at an index of a collection of app state, e.g. regular_low ["archive", jid].',
    input: z.strictObject({ account, collection: z.string(), index: z.array(z.string()).min(1) }),
    run: (simulator, { account: who, collection, index }) => {
      if (!isCollection(collection)) throw new RangeError(`there is no collection ${collection}`);
      return phoneOf(simulator, who).setting(collection, index);
    },
  }),
};

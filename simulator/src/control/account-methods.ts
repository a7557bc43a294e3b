import * as z from 'zod';
import type { Phone } from '../phone/phone.ts';
import type { Simulator } from '../simulator.ts';
import { privacyCategories } from '../world-state/privacy.ts';
import type { Person } from '../world/types.ts';
import { account, method, phoneOf } from './method.ts';
import type { Method } from './method.ts';

/** A picture in base64, with room for the largest that WhatsApp takes. */
const MAX_PICTURE_TEXT = 1_500_000;

function personOf({ world }: Simulator, { pn }: Phone): Person {
  const person = world.person(pn);
  if (person === undefined) throw new RangeError(`${pn} is nobody in this world`);
  return person;
}

/** What people set about themselves, and how they call, type and trade. */
export const accountMethods: Readonly<Record<string, Method>> = {
  account: method({
    about: 'What an account has set: names, about, privacy, block list, disappearing mode, picture.',
    input: z.strictObject({ account }),
    run: (simulator, input) => {
      const phone = phoneOf(simulator, input.account);
      const person = personOf(simulator, phone);
      const { accounts, pictures, privacy } = simulator.state;
      return {
        pn: phone.pn,
        lid: phone.lid,
        push_name: person.pushName,
        about: person.about,
        privacy: privacy.of(person),
        blocked: phone.profile.blocked(),
        disappearing_seconds: accounts.disappearingMode(person).duration,
        picture_id: pictures.of(person.id)?.id ?? null,
      };
    },
  }),
  set_about: method({
    about: 'Sets the text beside the name.',
    input: z.strictObject({ account, text: z.string().max(139) }),
    run: (simulator, input) => phoneOf(simulator, input.account).profile.setAbout(input.text),
  }),
  set_picture: method({
    about: 'Sets the picture of an account or of a group (JPEG, base64), or removes it; answers its id.',
    input: z.strictObject({ account, group: z.string().optional(), jpeg: z.base64().max(MAX_PICTURE_TEXT).nullable() }),
    run: (simulator, { account: who, group, jpeg }) => {
      const bytes = jpeg === null ? undefined : Buffer.from(jpeg, 'base64');
      return { id: phoneOf(simulator, who).profile.setPicture(bytes, group) ?? null };
    },
  }),
  set_privacy: method({
    about: 'Changes one category of privacy settings.',
    input: z.strictObject({ account, category: z.enum(privacyCategories), value: z.string() }),
    run: (simulator, input) => phoneOf(simulator, input.account).profile.setPrivacy(input.category, input.value),
  }),
  set_blocked: method({
    about: 'Blocks or unblocks somebody.',
    input: z.strictObject({ account, person: z.string(), blocked: z.boolean() }),
    run: (simulator, { account: who, person, blocked }) => {
      const { profile } = phoneOf(simulator, who);
      if (blocked) profile.block(person);
      else profile.unblock(person);
    },
  }),
  set_presence: method({
    about: 'Opens or closes WhatsApp on a phone.',
    input: z.strictObject({ account, available: z.boolean() }),
    run: (simulator, input) => phoneOf(simulator, input.account).profile.setPresence(input.available ? 'available' : 'unavailable'),
  }),
  set_typing: method({
    about: 'Shows in a chat that somebody types or records, or has stopped.',
    input: z.strictObject({ account, chat: z.string(), state: z.enum(['composing', 'recording', 'paused']) }),
    run: (simulator, input) => phoneOf(simulator, input.account).profile.setTyping(input.chat, input.state),
  }),
  call: method({
    about: 'Rings at the devices of somebody; answers the id of the call.',
    input: z.strictObject({ account, to: z.string(), video: z.boolean().default(false) }),
    run: (simulator, { account: who, to, video }) => ({ id: phoneOf(simulator, who).calls.start(to, { video }) }),
  }),
  end_call: method({
    about: 'Stops ringing, or hangs up.',
    input: z.strictObject({ account, to: z.string(), id: z.string(), reason: z.string().default('timeout') }),
    run: (simulator, { account: who, to, id, reason }) => phoneOf(simulator, who).calls.end(to, id, reason),
  }),
  restrict: method({
    about: 'Keeps an account from starting chats until a time (epoch seconds); null lifts that.',
    input: z.strictObject({ account, until: z.int().positive().nullable(), type: z.string().max(64).default('BIZ_QUALITY') }),
    run: (simulator, { account: who, until, type }) => {
      phoneOf(simulator, who).restrictions.setTimelock(until === null ? undefined : { endsAt: until, type });
    },
  }),
  catalog: method({
    about: 'What a business sells.',
    input: z.strictObject({ account: z.string() }),
    run: (simulator, input) => simulator.state.catalogs.of(personOf(simulator, simulator.phone(input.account))),
  }),
  answer_catalogs: method({
    about: 'Lets catalog requests be answered, or not at all.',
    input: z.strictObject({ answers: z.boolean() }),
    run: ({ state }, input) => {
      state.catalogs.answers = input.answers;
    },
  }),
};

import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import * as z from 'zod';
import { addressOf } from '../phone/address.ts';
import { method } from './method.ts';
import type { Method } from './method.ts';

const newsletter = z.string().describe('JID or invite code of a channel');
const serverId = z.int().min(1);

/** Channels, from the side of their publishers and readers. */
export const newsletterMethods: Readonly<Record<string, Method>> = {
  newsletters: method({
    about: 'All channels, with what the owner has to do with each.',
    input: z.strictObject({}),
    run: ({ newsletters }) => newsletters.list(),
  }),
  newsletter: method({
    about: 'A channel and its followers in this world; with a post number also what readers made of the post.',
    input: z.strictObject({ newsletter, server_id: serverId.optional() }),
    run: ({ newsletters }, { newsletter: key, server_id: id }) => ({
      ...newsletters.get(key),
      followers: newsletters.followers(key),
      ...(id === undefined ? {} : { post: newsletters.echo(key, id) }),
    }),
  }),
  create_newsletter: method({
    about: 'Makes a channel that nobody of this world owns.',
    input: z.strictObject({ name: z.string().min(1).max(128), description: z.string().max(2_048).default('') }),
    run: ({ newsletters }, draft) => newsletters.create(draft),
  }),
  post_to_newsletter: method({
    about: 'Publishes a text, or any message content as protobuf JSON, to all followers; answers the number of the post.',
    input: z.strictObject({ newsletter, text: z.string().max(65_536).optional(), content: z.record(z.string(), z.unknown()).optional() }),
    run: ({ newsletters }, { newsletter: key, text, content }) => {
      const { id, serverId: number, timestamp } = newsletters.post(key, content === undefined ? (text ?? '') : proto.Message.fromObject(content));
      return { id, server_id: number, timestamp };
    },
  }),
  react_to_newsletter: method({
    about: 'Lets somebody react to a post; an empty emoji takes it back.',
    input: z.strictObject({ newsletter, server_id: serverId, by: z.string(), emoji: z.string().max(32) }),
    run: ({ newsletters }, { newsletter: key, server_id: id, by, emoji }) => newsletters.react(key, { serverId: id, by, emoji }),
  }),
  set_newsletter_role: method({
    about: 'Makes somebody follow, leave, run or own a channel.',
    input: z.strictObject({ newsletter, person: z.string(), role: z.enum(['owner', 'admin', 'subscriber', 'guest']) }),
    run: ({ newsletters, state, world }, input) => {
      const person = world.person(addressOf(input.person).toString());
      if (person === undefined) throw new RangeError(`"${input.person}" is nobody in this world`);
      state.newsletters.relate(newsletters.get(input.newsletter), person, { role: input.role });
    },
  }),
};

import { Failure } from '@whatsapp-mcp/contract';
import type { Output } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { resolveOwnChat } from '../recipient.ts';
import { shown } from '../store/display-text.ts';
import { localTime } from '../store/local-time.ts';
import { tool } from '../tool.ts';
import { withNotice } from '../untrusted.ts';
import { reference } from './arguments.ts';

const newsletters = { toolset: 'newsletters' } as const;
const newsletter = reference.describe('JID or invite link');

export const listNewsletters = tool({
  ...newsletters,
  name: 'list_newsletters',
  title: 'Your channels',
  description: 'Lists the channels you follow or own.',
  effect: 'reads',
  route: 'newsletter.list',
  input: z.strictObject({}),
  examples: [{}],
  run: async (_input, context) => {
    const found = await context.ask('newsletter.list', {});
    return withNotice({ count: found.newsletters.length, newsletters: found.newsletters.map((each) => newsletterView(context, each)) });
  },
});

export const getNewsletterInfo = tool({
  ...newsletters,
  name: 'get_newsletter_info',
  title: 'Channel info',
  description: 'A channel and, if asked, its newest posts.',
  effect: 'reads',
  route: 'newsletter.info',
  input: z.strictObject({ newsletter, recent_posts: z.int().min(0).max(50).optional() }),
  examples: [{ newsletter: '1203@newsletter', recent_posts: 5 }],
  run: async ({ newsletter: named, recent_posts }, context) => {
    const { format } = localTime(context.timeZone);
    const found = await context.ask('newsletter.info', { ...nameOfChannel(context, named), ...(recent_posts !== undefined && { recent_posts }) });
    return withNotice({ newsletter: newsletterView(context, found.newsletter), posts: found.posts.map(({ timestamp, ...post }) => ({ ...post, timestamp: format(timestamp), untrusted: true })) });
  },
});

type Newsletter = Output<'newsletter.info'>['newsletter'];

function newsletterView(context: Context, { created_at, name, ...channel }: Newsletter): JsonObject {
  return { ...channel, name: shown(name), ...(created_at !== undefined && { created_at: localTime(context.timeZone).format(created_at) }) };
}

function nameOfChannel(context: Context, text: string): { jid: string } | { invite_code: string } {
  const code = /^(?:https?:\/\/)?(?:www\.)?whatsapp\.com\/channel\/([A-Za-z0-9_-]{10,64})\/?(?:\?.*)?$/.exec(text.trim())?.[1];
  if (code !== undefined) return { invite_code: code };
  const jid = resolveOwnChat(context, text);
  if (!jid.endsWith('@newsletter')) throw new Failure('invalid_argument', `"${text}" is no channel: expected …@newsletter or https://whatsapp.com/channel/…`);
  return { jid };
}

async function jidOfChannel(context: Context, text: string): Promise<string> {
  const named = nameOfChannel(context, text);
  if ('jid' in named) return named.jid;
  const { newsletter: found } = await context.ask('newsletter.info', named);
  return found.jid;
}

export const subscribeToNewsletter = tool({
  ...newsletters,
  name: 'subscribe_to_newsletter',
  title: 'Follow a channel',
  description: 'Follows a channel.',
  effect: 'writes',
  route: 'newsletter.follow',
  input: z.strictObject({ newsletter }),
  examples: [{ newsletter: '1203@newsletter' }],
  run: async ({ newsletter: named }, context) => follow(context, named, true),
});

export const unsubscribeFromNewsletter = tool({
  ...newsletters,
  name: 'unsubscribe_from_newsletter',
  title: 'Unfollow a channel',
  description: 'Unfollows a channel.',
  effect: 'destroys',
  route: 'newsletter.follow',
  input: z.strictObject({ newsletter }),
  examples: [{ newsletter: '1203@newsletter' }],
  run: async ({ newsletter: named }, context) => follow(context, named, false),
});

async function follow(context: Context, named: string, following: boolean): Promise<JsonObject> {
  const jid = await jidOfChannel(context, named);
  await context.ask('newsletter.follow', { jid, following });
  return { success: true, newsletter_jid: jid, following };
}

export const createNewsletter = tool({
  ...newsletters,
  name: 'create_newsletter',
  title: 'Create a channel',
  description: 'Creates a channel that you own.',
  effect: 'writes',
  route: 'newsletter.create',
  input: z.strictObject({ name: z.string().min(1).max(100), description: z.string().max(2048).optional() }),
  examples: [{ name: 'Garden news' }],
  run: async ({ name, description }, context) => {
    const created = await context.ask('newsletter.create', { name, ...(description !== undefined && { description }) });
    return { success: true, newsletter: newsletterView(context, created.newsletter) };
  },
});

export const reactToNewsletterPost = tool({
  ...newsletters,
  name: 'react_to_newsletter_post',
  title: 'React to a channel post',
  description: 'Reacts to a post of a channel; an empty emoji removes the reaction.',
  effect: 'writes',
  route: 'newsletter.react',
  input: z.strictObject({ newsletter_jid: reference, server_id: z.int().min(0).max(4_294_967_295), emoji: z.string().max(64) }),
  examples: [{ newsletter_jid: '1203@newsletter', server_id: 101, emoji: '👍' }],
  run: async ({ newsletter_jid, server_id, emoji }, context) => {
    const jid = await jidOfChannel(context, newsletter_jid);
    await context.ask('newsletter.react', { jid, server_id, emoji, id: context.ids.message() });
    return { success: true, newsletter_jid: jid, server_id, ...(emoji === '' ? { removed: true } : { emoji }) };
  },
});

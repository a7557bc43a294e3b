import { z } from 'zod';
import { Done, Millis, NewMessageId, NewsletterJid, UserJid } from '../nouns.ts';
import { both, onlyBaileys, onlyWhatsmeow, operation } from '../operation.ts';

export const privacySettings = ['last', 'online', 'profile', 'status', 'groupadd', 'readreceipts', 'calladd', 'messages', 'defense', 'stickers'] as const;
export const privacyValues = ['all', 'contacts', 'contact_blacklist', 'none', 'match_last_seen', 'known', 'off', 'on_standard', 'contact_allowlist'] as const;

const Product = z
  .strictObject({
    id: z.string().max(200),
    name: z.string().max(1000),
    description: z.string().max(10_000).optional(),
    price: z.number().optional().describe('In thousandths of the currency unit'),
    currency: z.string().max(8).optional(),
    url: z.string().max(4096).optional(),
    retailer_id: z.string().max(200).optional(),
    availability: z.string().max(40).optional(),
    hidden: z.boolean(),
    image_urls: z.array(z.string().max(4096)).max(20),
  })
  .meta({ id: 'Product' });

const Newsletter = z
  .strictObject({
    jid: NewsletterJid,
    name: z.string().max(1000),
    description: z.string().max(10_000).optional(),
    subscribers: z.int().min(0).max(9_000_000_000).optional(),
    created_at: Millis.optional(),
    invite_code: z.string().max(200).optional(),
    verified: z.boolean(),
    role: z.enum(['guest', 'subscriber', 'admin', 'owner']).optional(),
    muted: z.boolean().optional(),
    state: z.string().max(40).optional(),
  })
  .meta({ id: 'Newsletter' });

const NewsletterPost = z
  .strictObject({
    server_id: z.int().min(0).max(4_294_967_295),
    id: z.string().max(128).optional(),
    timestamp: Millis,
    kind: z.string().max(40),
    text: z.string().max(65_536).optional(),
    views: z.int().min(0).max(9_000_000_000).optional(),
    reactions: z.array(z.strictObject({ emoji: z.string().max(64), count: z.int().min(0).max(9_000_000_000) })).max(200),
  })
  .meta({ id: 'NewsletterPost' });

export const account = {
  'privacy.get': operation({
    summary: 'All privacy settings',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({}),
    output: z.strictObject({ settings: z.array(z.strictObject({ name: z.string().max(40), value: z.string().max(40) })).max(40) }),
  }),
  'privacy.set': operation({
    summary: 'Changes one privacy setting',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ name: z.enum(['last', 'online', 'profile', 'status']), value: z.enum(privacyValues) }),
    output: Done,
  }),
  'business.profile': operation({
    summary: 'The profile of a business',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jid: UserJid }),
    output: z.strictObject({
      is_business: z.boolean(),
      address: z.string().max(2000).optional(),
      description: z.string().max(10_000).optional(),
      email: z.string().max(500).optional(),
      websites: z.array(z.string().max(2000)).max(10),
      categories: z.array(z.string().max(500)).max(20),
      timezone: z.string().max(80).optional(),
      hours: z
        .array(z.strictObject({ day: z.string().max(20), mode: z.string().max(40), open: z.string().max(20).optional(), close: z.string().max(20).optional() }))
        .max(21),
    }),
    fails: ['not_found'],
  }),
  'business.catalog': operation({
    summary: 'One page of the products of a business',
    bridges: onlyBaileys,
    replay: 'safe',
    input: z.strictObject({ jid: UserJid, limit: z.int().min(1).max(100).optional(), cursor: z.string().max(2000).optional() }),
    output: z.strictObject({ products: z.array(Product).max(100), next_cursor: z.string().max(2000).optional() }),
    fails: ['no_answer_from_whatsapp', 'not_found'],
  }),
  'business.product': operation({
    summary: 'One product of a business',
    bridges: onlyBaileys,
    replay: 'safe',
    input: z.strictObject({ jid: UserJid, product_id: z.string().min(1).max(200) }),
    output: z.strictObject({ product: Product }),
    fails: ['no_answer_from_whatsapp', 'not_found'],
  }),
  'newsletter.list': operation({
    summary: 'The channels that this account follows or owns',
    bridges: onlyWhatsmeow,
    replay: 'safe',
    input: z.strictObject({}),
    output: z.strictObject({ newsletters: z.array(Newsletter).max(2000) }),
  }),
  'newsletter.info': operation({
    summary: 'A channel and its newest posts, by JID or invite code',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({
      jid: NewsletterJid.optional(),
      invite_code: z.string().max(200).optional(),
      recent_posts: z.int().min(0).max(50).optional(),
    }),
    output: z.strictObject({ newsletter: Newsletter, posts: z.array(NewsletterPost).max(50) }),
    fails: ['not_found'],
  }),
  'newsletter.follow': operation({
    summary: 'Follows or unfollows a channel',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jid: NewsletterJid, following: z.boolean() }),
    output: Done,
    fails: ['not_found'],
  }),
  'newsletter.create': operation({
    summary: 'Creates a channel',
    bridges: both,
    replay: 'never',
    input: z.strictObject({ name: z.string().min(1).max(100), description: z.string().max(2048).optional() }),
    output: z.strictObject({ newsletter: Newsletter }),
    fails: ['outcome_unknown', 'not_allowed'],
  }),
  'newsletter.react': operation({
    summary: 'Reacts to a post of a channel; an empty emoji removes the reaction',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jid: NewsletterJid, server_id: z.int().min(0).max(4_294_967_295), emoji: z.string().max(64), id: NewMessageId }),
    output: Done,
    fails: ['not_found', 'not_allowed'],
  }),
};

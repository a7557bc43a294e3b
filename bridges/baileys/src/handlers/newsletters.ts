/** Channels, which WhatsApp calls newsletters on the wire. */
import type { Output } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import { readContent } from '../convert/content.ts';
import { canonicalJid } from '../convert/jid.ts';
import { proto } from '../convert/protos.ts';
import { unwrap } from '../convert/unwrap.ts';
import { filled, positive, secondsToMillis, textOf } from '../convert/values.ts';
import type { BinaryNode } from '../session/nodes.ts';
import { child, children, inquire, WHATSAPP } from '../session/nodes.ts';
import type { Socket } from '../session/socket.ts';
import type { Context, Some } from './context.ts';
import { ask } from './context.ts';

type Names = 'newsletter.info' | 'newsletter.follow' | 'newsletter.create' | 'newsletter.react';
type Newsletter = Output<'newsletter.info'>['newsletter'];
type Post = Output<'newsletter.info'>['posts'][number];

export function newsletterHandlers(context: Context): Some<Names> {
  return {
    'newsletter.info': async ({ jid, invite_code, recent_posts }, signal) => {
      if ((jid === undefined) === (invite_code === undefined)) throw new Failure('invalid_argument', 'Expected either "jid" or "invite_code".');
      const type = jid === undefined ? 'invite' : 'jid';
      const told = await ask(context, signal, 'nothing', (socket) => socket.newsletterMetadata(type, jid ?? invite_code ?? ''));
      if (told === null) throw new Failure('not_found', `There is no channel ${jid ?? invite_code ?? ''}.`);
      const newsletter = newsletterOf(told);
      const posts = (recent_posts ?? 0) === 0 ? [] : await ask(context, signal, 'nothing', (socket) => newestPosts(socket, newsletter.jid, recent_posts ?? 0));
      return { newsletter, posts };
    },
    'newsletter.follow': async ({ jid, following }, signal) => {
      await ask(context, signal, 'nothing', (socket) => (following ? socket.newsletterFollow(jid) : socket.newsletterUnfollow(jid)));
      return {};
    },
    'newsletter.create': async ({ name, description }, signal) => {
      const made = await ask(context, signal, 'something', (socket) => socket.newsletterCreate(name, description));
      return { newsletter: { ...newsletterOf(made), role: 'owner' } };
    },
    'newsletter.react': async ({ jid, server_id, emoji }, signal) => {
      await ask(context, signal, 'nothing', (socket) => socket.newsletterReactMessage(jid, String(server_id), emoji));
      return {};
    },
  };
}

/** A channel in WhatsApp's two shapes: GraphQL as it comes, and as newsletterCreate flattens it. */
interface Told {
  readonly id: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly subscribers?: number | undefined;
  readonly creation_time?: number | undefined;
  readonly invite?: string | undefined;
  readonly verification?: string | undefined;
  readonly state?: { readonly type?: string } | undefined;
  readonly thread_metadata?: Thread | undefined;
  readonly viewer_metadata?: { readonly mute?: string; readonly role?: string } | undefined;
}

interface Thread {
  readonly name?: string | { readonly text?: string } | undefined;
  readonly description?: string | { readonly text?: string } | undefined;
  readonly creation_time?: string | number | undefined;
  readonly invite?: string | undefined;
  readonly subscribers_count?: string | number | undefined;
  readonly verification?: string | undefined;
}

const roles = ['guest', 'subscriber', 'admin', 'owner'] as const;
const inner = (value: string | { readonly text?: string } | undefined): string | undefined => (typeof value === 'object' ? value.text : value);

function newsletterOf(metadata: object): Newsletter {
  const told = metadata as Told;
  const thread = told.thread_metadata ?? {};
  const jid = canonicalJid(told.id);
  if (jid === undefined) throw new Failure('whatsapp_error', 'WhatsApp told a channel without a JID.');
  const role = told.viewer_metadata?.role?.toLowerCase();
  const mute = told.viewer_metadata?.mute;
  return {
    jid,
    name: textOf(told.name ?? inner(thread.name), 1000) ?? '',
    ...filled({
      description: textOf(told.description ?? inner(thread.description), 10_000),
      subscribers: told.subscribers ?? positive(Number(thread.subscribers_count)),
      created_at: secondsToMillis(Number(told.creation_time ?? thread.creation_time ?? 0)),
      invite_code: textOf(told.invite ?? thread.invite, 200),
      role: roles.find((known) => known === role),
      muted: mute === undefined ? undefined : mute === 'ON',
      state: textOf(told.state?.type, 40),
    }),
    verified: (told.verification ?? thread.verification) === 'VERIFIED',
  };
}

async function newestPosts(socket: Socket, jid: string, count: number): Promise<Post[]> {
  const question = { tag: 'messages', attrs: { type: 'jid', jid, count: String(count) } };
  const answer = await inquire(socket, { type: 'get', xmlns: 'newsletter', to: WHATSAPP }, question);
  return children(child(answer, 'messages'), 'message').flatMap(postOf).slice(0, count);
}

function postOf(node: BinaryNode): Post[] {
  const server_id = positive(Number(node.attrs['server_id']));
  const plaintext = child(node, 'plaintext')?.content;
  if (server_id === undefined) return [];
  const content = plaintext instanceof Uint8Array ? readContent(unwrap(proto.Message.decode(plaintext)).content) : undefined;
  return [
    {
      server_id,
      ...filled({ id: node.attrs['id'], text: textOf(content?.text, 65_536), views: positive(Number(child(node, 'views_count')?.attrs['count'])) }),
      timestamp: secondsToMillis(Number(node.attrs['t'])) ?? 0,
      kind: content?.kind ?? 'unknown',
      reactions: children(child(node, 'reactions'), 'reaction').map(({ attrs }) => ({ emoji: (attrs['code'] ?? '').slice(0, 64), count: Number(attrs['count'] ?? 0) })),
    },
  ];
}

/** What a person attaches to a conversation: each resource is a tool's answer under an address. */
import type { Bridge, BridgeEvent } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import { desc } from 'drizzle-orm';
import type { Calls } from '../call.ts';
import type { JsonObject } from '../json.ts';
import { namesOf } from '../store/names.ts';
import { onlyVisible, readsOf } from '../store/reads.ts';
import type { Reads } from '../store/reads.ts';
import { fold } from '../store/fold.ts';
import { chats } from '../store/schema.ts';

interface ResourceKind {
  /** URI template of RFC 6570 with at most one variable. */
  readonly template: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly tool: string;
  readonly args: (variable: string) => JsonObject;
  /** Whether an event changes it; for one with a variable, its value. */
  readonly changedBy: (event: BridgeEvent) => string | boolean;
}

const kinds: readonly ResourceKind[] = [
  {
    template: 'whatsapp://status',
    name: 'status',
    title: 'WhatsApp status',
    description: 'Connection, pairing and sync of both bridges, and the store.',
    tool: 'backend_status',
    args: () => ({}),
    changedBy: ({ type }) => type === 'status',
  },
  {
    template: 'whatsapp://unread',
    name: 'unread',
    title: 'Unread messages',
    description: 'Chats with unread messages, and these messages.',
    tool: 'get_unread_summary',
    args: () => ({}),
    changedBy: ({ type }) => type === 'stored',
  },
  {
    template: 'whatsapp://chat/{chat_jid}/messages',
    name: 'chat',
    title: 'Messages of a chat',
    description: 'The newest messages of one chat.',
    tool: 'list_messages',
    args: (chat_jid) => ({ chat_jid }),
    changedBy: ({ type, chat }) => type === 'stored' && chat !== undefined && chat,
  },
  {
    template: 'whatsapp://sync/{sync_id}',
    name: 'sync',
    title: 'A history sync',
    description: 'How far a history sync has come.',
    tool: 'get_sync_status',
    args: (sync_id) => ({ sync_id }),
    changedBy: () => false,
  },
];

const variableOf = (template: string): string | undefined => /\{(\w+)\}/.exec(template)?.[1];
const uriOf = (template: string, value: string): string => template.replace(/\{\w+\}/, encodeURIComponent(value));

export interface ResourceListing {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly mimeType: string;
}

const mimeType = 'application/json';
const RECENT_CHATS = 20;

/** A resource of a tool that is switched off is not there. */
function offered({ catalog }: Calls): readonly ResourceKind[] {
  return kinds.filter((kind) => catalog.offered.some(({ name }) => name === kind.tool));
}

export function listTemplates(calls: Calls): { uriTemplate: string; name: string; title: string; description: string; mimeType: string }[] {
  return offered(calls)
    .filter(({ template }) => variableOf(template) !== undefined)
    .map(({ template, name, title, description }) => ({ uriTemplate: template, name, title, description, mimeType }));
}

export function listResources(calls: Calls): ResourceListing[] {
  const fixed = offered(calls).filter(({ template }) => variableOf(template) === undefined);
  const ofChats = offered(calls).find(({ name }) => name === 'chat');
  return [
    ...fixed.map(({ template, name, title, description }) => ({ uri: template, name, title, description, mimeType })),
    ...(ofChats === undefined ? [] : recentChats(calls).map(({ jid, name }) => ({ uri: uriOf(ofChats.template, jid), name: jid, title: name, mimeType }))),
  ];
}

interface NamedChat {
  readonly jid: string;
  readonly name: string;
}

function readsFor({ surroundings, policy }: Calls): Reads {
  return readsOf(surroundings.store.read, policy.visibleChats());
}

function recentChats(calls: Calls): NamedChat[] {
  return chatsByTime(calls, RECENT_CHATS);
}

/** Without a store there are no chats to list; the tools say why. */
function chatsByTime(calls: Calls, most: number): NamedChat[] {
  try {
    const reads = readsFor(calls);
    const rows = reads.orm.select({ jid: chats.jid }).from(chats).where(onlyVisible(reads, chats.jid)).orderBy(desc(chats.lastMessageTime)).limit(most).all();
    const names = namesOf(reads, rows.map(({ jid }) => jid));
    return rows.map(({ jid }) => ({ jid, name: names.get(jid) ?? jid }));
  } catch (error) {
    if (error instanceof Failure && error.code === 'store_unavailable') return [];
    throw error;
  }
}

/** The call that reads a resource; undefined for an address that is none of ours. */
export function callFor(calls: Calls, uri: string): { readonly name: string; readonly args: JsonObject } | undefined {
  for (const kind of offered(calls)) {
    const [before = '', after = ''] = kind.template.split(/\{\w+\}/);
    const fits = variableOf(kind.template) === undefined ? uri === kind.template : uri.startsWith(before) && uri.endsWith(after) && uri.length > before.length + after.length;
    if (fits) return { name: kind.tool, args: kind.args(decoded(uri.slice(before.length, after === '' ? undefined : -after.length))) };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Addresses whose content an event changed, in every form of the chat's JID under which it may have been subscribed. */
export function changedUris(calls: Calls, _bridge: Bridge, event: BridgeEvent): string[] {
  return offered(calls).flatMap((kind) => {
    const changed = kind.changedBy(event);
    if (typeof changed === 'boolean') return changed ? [kind.template] : [];
    return [...new Set([changed, calls.policy.canonical(changed)])].map((jid) => uriOf(kind.template, jid));
  });
}

const MOST_COMPLETIONS = 20;
const CHATS_SEARCHED = 2_000;

/** JIDs of chats whose name or JID holds the text, the most recently used first. */
export function completeChat(calls: Calls, text: string): string[] {
  const wanted = fold(text);
  const found = chatsByTime(calls, CHATS_SEARCHED).filter(({ jid, name }) => jid.startsWith(text) || fold(name).includes(wanted));
  return found.slice(0, MOST_COMPLETIONS).map(({ jid }) => jid);
}

export function completeSync(calls: Calls, text: string): string[] {
  try {
    return calls.surroundings.history().runs(MOST_COMPLETIONS).map(({ syncId }) => syncId).filter((id) => id.startsWith(text));
  } catch (error) {
    if (error instanceof Failure && error.code === 'store_unavailable') return [];
    throw error;
  }
}

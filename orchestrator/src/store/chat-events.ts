/** What happened to a chat beside its messages: people who joined or left, new names, changed settings. */
import { and, desc, eq, gte, lt } from 'drizzle-orm';
import { shown } from './display-text.ts';
import type { LocalTime } from './local-time.ts';
import { namesOf } from './names.ts';
import { canSee, type Reads } from './reads.ts';
import { chatEvents } from './schema.ts';
import { storedJson } from './stored-json.ts';

export interface EventView {
  readonly timestamp: string;
  /** Name of WhatsApp's stub type in lower case, e.g. group_participant_add. */
  readonly type: string;
  readonly by?: string;
  /** People by name; otherwise the new value. */
  readonly about?: readonly string[];
}

export interface EventPeriod {
  /** Milliseconds, inclusive. */
  readonly after?: number | undefined;
  /** Milliseconds, exclusive. */
  readonly before?: number | undefined;
}

const MOST_EVENTS = 15;
const MOST_PARAMETERS = 5;
const PERSON = /^[0-9]+@(s\.whatsapp\.net|lid)$/;

/** The newest events of a chat in a period, newest first; names in two queries for all of them. */
export function eventsOf(reads: Reads, chat: string, { after, before }: EventPeriod, time: LocalTime): EventView[] {
  if (!canSee(reads, chat)) return [];
  const rows = reads.orm
    .select({ timestamp: chatEvents.timestamp, type: chatEvents.type, actor: chatEvents.actor, parameters: chatEvents.parameters })
    .from(chatEvents)
    .where(and(eq(chatEvents.chatJid, chat), after === undefined ? undefined : gte(chatEvents.timestamp, after), before === undefined ? undefined : lt(chatEvents.timestamp, before)))
    .orderBy(desc(chatEvents.timestamp))
    .limit(MOST_EVENTS)
    .all()
    .map((row) => ({ ...row, parameters: textsIn(row.parameters) }));
  const names = namesOf(reads, rows.flatMap(({ actor, parameters }) => [actor, ...parameters]).filter((text) => PERSON.test(text)));
  return rows.map(({ timestamp, type, actor, parameters }) => ({
    timestamp: time.format(timestamp),
    type,
    ...(actor !== '' && { by: names.get(actor) ?? 'Unknown' }),
    ...(parameters.length > 0 && { about: parameters.map((text) => names.get(text) ?? shown(text, 80)) }),
  }));
}

function textsIn(json: string): string[] {
  const parameters = storedJson(json);
  return Array.isArray(parameters) ? parameters.filter((text) => typeof text === 'string').slice(0, MOST_PARAMETERS) : [];
}

/** Votes of a poll, counted. A vote names its options by the SHA-256 of their text. */
import { createHash } from 'node:crypto';
import { Failure } from '@whatsapp-mcp/contract';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { namesAmongPeople } from '../../store/names.ts';
import { pollVotes } from '../../store/schema.ts';
import { storedJson } from '../../store/stored-json.ts';
import { shown } from '../../store/display-text.ts';
import { storedMessage } from './message-around.ts';
import type { Reading } from './reading.ts';

/** Payload of kind poll: of a poll, or of the results that WhatsApp shows when one has ended. */
const Poll = z.object({
  question: z.string(),
  options: z.array(z.string()).default([]),
  results: z.array(z.object({ option: z.string(), votes: z.number() })).optional(),
  selectable_count: z.number().default(0),
});
const Hashes = z.array(z.string());

export interface PollResults {
  readonly chat_jid: string;
  readonly message_id: string;
  readonly question: string;
  /** How many options one person may choose; 0: any number. */
  readonly selectable_count: number;
  readonly options: readonly { readonly name: string; readonly votes: number; readonly voters: readonly string[] }[];
  /** People who voted; of an ended poll only the most that one option has is known. */
  readonly voters: number;
  /** Votes for options that the stored poll does not have: it was seen before they were added. */
  readonly unknown_votes?: number;
}

const MOST_VOTERS = 100;

export function pollResults(reading: Reading, chat: string, id: string): PollResults {
  const message = storedMessage(reading.reads, id, chat);
  const poll = Poll.safeParse(message.payload === null ? undefined : storedJson(message.payload));
  if (message.kind !== 'poll' || !poll.success) throw new Failure('invalid_argument', `Message "${id}" is not a poll: its kind is ${message.kind}.`);
  return {
    chat_jid: message.chatJid,
    message_id: message.id,
    question: shown(poll.data.question, 1000),
    selectable_count: poll.data.selectable_count,
    ...(poll.data.results === undefined ? counted(reading, message.mid, poll.data.options) : ended(poll.data.results)),
  };
}

type Counts = Pick<PollResults, 'options' | 'voters' | 'unknown_votes'>;

function ended(results: readonly { readonly option: string; readonly votes: number }[]): Counts {
  const options = results.map(({ option, votes }) => ({ name: shown(option, 500), votes, voters: [] }));
  return { options, voters: Math.max(0, ...results.map(({ votes }) => votes)) };
}

function counted({ reads }: Reading, mid: number, options: readonly string[]): Counts {
  const votes = reads.orm
    .select({ voter: pollVotes.voterJid, hashes: pollVotes.hashes })
    .from(pollVotes)
    .where(eq(pollVotes.mid, mid))
    .orderBy(pollVotes.ts)
    .all()
    .map(({ voter, hashes }) => ({ voter, hashes: Hashes.catch([]).parse(storedJson(hashes)).map((hash) => hash.toLowerCase()) }))
    .filter(({ hashes }) => hashes.length > 0);
  const names = namesAmongPeople(reads, votes.map(({ voter }) => voter));
  const known = new Set(options.map(hashOf));
  const unknown = votes.flatMap(({ hashes }) => hashes).filter((hash) => !known.has(hash)).length;
  return {
    options: options.map((option) => {
      const voters = votes.filter(({ hashes }) => hashes.includes(hashOf(option))).map(({ voter }) => names.get(voter) ?? voter);
      return { name: shown(option, 500), votes: voters.length, voters: voters.slice(0, MOST_VOTERS) };
    }),
    voters: votes.length,
    ...(unknown > 0 && { unknown_votes: unknown }),
  };
}

function hashOf(option: string): string {
  return createHash('sha256').update(option).digest('hex');
}

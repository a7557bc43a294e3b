import { expect, test } from 'vitest';
import { judge, plan } from './paging.ts';
import type { Anchor, Answer, Limits, Next, Position } from './paging.ts';

const anchor = (timestamp: number, id = `M${timestamp}`): Anchor => ({ id, timestamp, from_me: false });
const all: Limits = { until: undefined, maxMessages: undefined };
const at = (timestamp: number | undefined, received = 0, endOfHistory?: number): Position => ({
  anchor: timestamp === undefined ? undefined : anchor(timestamp),
  received,
  endOfHistory,
});

test.each<[string, Position, Limits, Partial<Next>]>([
  ['asks from the oldest message', at(100), all, { do: 'ask', anchor: anchor(100), count: 50 }],
  ['asks for no more than is wanted', at(100, 60), { ...all, maxMessages: 80 }, { do: 'ask', count: 20 }],
  ['has enough messages', at(100, 80), { ...all, maxMessages: 80 }, { do: 'stop', state: 'enough' }],
  ['is far enough back', at(100), { ...all, until: 100 }, { do: 'stop', state: 'enough' }],
  ['knows the beginning', at(100, 0, 1), all, { do: 'stop', state: 'complete' }],
  ['knows that more is not given', at(100, 0, 3), all, { do: 'stop', state: 'no_access' }],
  ['does not take "more remain" for the end', at(100, 0, 0), all, { do: 'ask' }],
  ['has nothing to go back from', at(undefined), all, { do: 'stop', state: 'stalled' }],
])('a position %s', (_, position, limits, expected) => {
  expect(plan(position, limits)).toMatchObject(expected);
});

const page = (messages: number, position: Position): Answer => ({ kind: 'page', messages, endOfHistory: position.endOfHistory, position });

test.each<[string, Answer, Partial<Next>]>([
  ['no answer is no end', { kind: 'silence' }, { do: 'retry' }],
  ['an older message is progress', page(50, at(50, 50, 2)), { do: 'ask', anchor: anchor(50) }],
  ['another message of the same second is progress', page(1, { ...at(100, 1), anchor: anchor(100, 'other') }), { do: 'ask' }],
  ['nothing, with the word that there is nothing', page(0, at(100, 0, 1)), { do: 'stop', state: 'complete' }],
  ['nothing, without a word', page(0, at(100, 0, 2)), { do: 'retry' }],
  ['only known messages', page(50, at(100, 50, 2)), { do: 'retry' }],
])('%s', (_, answer, expected) => {
  expect(judge(anchor(100), answer, all)).toMatchObject(expected);
});

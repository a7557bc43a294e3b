import { expect, test } from 'vitest';
import { createAnswers } from './answers.ts';
import type { AnswerParts } from './answers.ts';

type Listener = Parameters<AnswerParts['signals']['subscribe']>[0];

test('an answer that is told during a merge is waited for with one more merge: its rows may lie behind what that one read', async () => {
  let tell: Listener = () => undefined;
  let merges = 0;
  const answers = createAnswers({
    signals: {
      subscribe: (listener) => {
        tell = listener;
        return () => undefined;
      },
      until: () => Promise.resolve(true),
    },
    facts: { answer: () => undefined } as unknown as AnswerParts['facts'],
    merge: () => {
      merges += 1;
      if (merges === 1) tell('baileys', { type: 'history_answer', request_id: 'R1', messages: 14 } as Parameters<Listener>[1]);
      return Promise.resolve();
    },
    lookMs: 10,
    clock: () => 0,
  });
  expect(await answers.wait('R1', 1_000, new AbortController().signal)).toBe(true);
  expect(merges).toBe(2);
});

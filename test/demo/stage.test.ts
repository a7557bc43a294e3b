import { expect, test } from 'vitest';
import { expectThat, play } from './stage.ts';

test('steps run in order, print what they say, and are timed', async () => {
  const printed: string[] = [];
  const played = await play(
    [
      { title: 'First', run: async (state: string[], say) => say(state.join()) },
      { title: 'Second', run: async () => undefined },
    ],
    ['shared'],
    (line) => printed.push(line),
  );
  expect(played.map(({ title }) => title)).toEqual(['First', 'Second']);
  expect(printed.slice(0, 2)).toEqual(['\n1. First', '   shared']);
});

test('a step that fails is named, and the next does not run', async () => {
  const steps = [
    { title: 'Count', run: async () => expectThat(false, '3 chats', [1]) },
    { title: 'Never', run: async () => expect.unreachable() },
  ];
  await expect(play(steps, undefined, () => undefined)).rejects.toThrow('Step 1 failed: Count\n  expected 3 chats; came: [1]');
});

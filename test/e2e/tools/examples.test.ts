/** Every scenario of docs/examples is played as it is written there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleOf } from 'wa-sim';
import { beforeAll, describe, expect, test } from 'vitest';
import { project } from '../../harness/bridge-process.ts';
import { compare, filled, scenariosOf } from './scenario.ts';
import type { Step } from './scenario.ts';
import { useStage } from './stage.ts';

const stage = useStage({ offer: { bootstrapPerChat: 6, recentDays: 30, fullDays: 30 } });

const documents = ['basic-messaging', 'community-management', 'hybrid-operations'];

/** Names that are known from the start. */
const known = new Map<string, string>();

beforeAll(async () => {
  const groups = [...stage.world.chats.values()].filter(({ kind }) => kind === 'group').map(({ jid }) => jid);
  const missing = (): string[] => {
    const stored = new Set(stage.system.query<{ jid: string }>('SELECT chat_jid AS jid FROM messages').map(({ jid }) => jid));
    return groups.filter((jid) => !stored.has(jid));
  };
  await stage.eventually('messages of every group in messages.db', () => (missing().length === 0 ? true : undefined), missing);
  const file = stage.outgoing('harbour.jpg', sampleOf('image', 4).bytes);
  known.set('outbox', join(file, '..'));
});

/** What a play remembers from step to step. */
interface Play {
  readonly names: Map<string, string>;
  answer: unknown;
}

type Player<Kind extends Step['kind']> = (step: Extract<Step, { kind: Kind }>, play: Play) => Promise<void> | void;

const players: { readonly [Kind in Step['kind']]: Player<Kind> } = {
  call: async ({ body }, play) => {
    play.answer = await answerOf(body.tool, filled(body.arguments, play.names) as object);
  },
  answer: ({ body }, { names, answer }) => expect(compare(body, answer, names), JSON.stringify(answer)).toBeUndefined(),
  event: async ({ body: { from, to, text, as } }, { names }) => {
    const id = await stage.receive(stage.phone(from), { text, ...(to !== undefined && { to: stage.group(to) }) });
    if (as !== undefined) names.set(as, id);
  },
  phone: async ({ body: { of, ...expected } }, { names }) => {
    const phone = stage.phone(of);
    await phone.waitForMessage((message) => compare(expected, message, new Map(names)) === undefined, { timeoutMs: 20_000 });
  },
};

/** A failure is an answer too: its text is what the model reads. */
async function answerOf(tool: string, args: object): Promise<unknown> {
  const { structuredContent, content } = await stage.host.raw(tool, args);
  const [first] = content;
  return structuredContent ?? (first?.type === 'text' ? { text: first.text } : content);
}

function take(step: Step, play: Play): Promise<void> | void {
  return (players[step.kind] as Player<Step['kind']>)(step, play);
}

describe.each(documents)('docs/examples/%s.md', (document) => {
  const scenarios = scenariosOf(readFileSync(join(project, 'docs/examples', `${document}.md`), 'utf8'));

  test('tells ten scenarios, each with a call and an answer', () => {
    expect(scenarios).toHaveLength(10);
    for (const { title, steps } of scenarios) expect([title, steps.map(({ kind }) => kind)]).toEqual([title, expect.arrayContaining(['call', 'answer'])]);
  });

  test.each(scenarios.map((scenario) => [scenario.title, scenario] as const))('%s', async (_title, { steps }) => {
    const play: Play = { names: new Map(known), answer: undefined };
    for (const step of steps) await take(step, play);
  });
});

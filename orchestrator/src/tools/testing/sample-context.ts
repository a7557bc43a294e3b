/** A context for tools that read messages.db: everything else of it fails the test that touches it. */
import { randomBytes } from 'node:crypto';
import type { Context } from '../../context.ts';
import { START, type SampleStore } from '../../store/testing/sample-store.ts';
import type { Tool } from '../../tool.ts';
import { Contents } from '../../tool.ts';

export interface SampleOptions {
  readonly visible?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

export function sampleContext(store: SampleStore, { visible, signal = new AbortController().signal }: SampleOptions = {}): Context {
  const given = {
    store: { read: store.database, write: store.database },
    config: { data_dir: store.folder },
    policy: { visibleChats: () => visible },
    clock: { now: () => START + 86_400_000 },
    timeZone: 'Europe/Berlin',
    ids: { hex: (bytes: number) => randomBytes(bytes).toString('hex') },
    signal,
    progress: () => undefined,
  };
  return new Proxy(given as unknown as Context, {
    get(target, property): unknown {
      if (!(property in target)) throw new Error(`A store tool must not need context.${String(property)}.`);
      return Reflect.get(target, property);
    },
  });
}

/** One entry of a list, with the fields that tests look at. */
export interface AnswerEntry {
  readonly id: string;
  readonly jid: string;
  readonly key: string;
  readonly count: number;
  readonly text?: string;
  readonly text_length?: number;
  readonly snippet?: string;
  readonly context_before?: readonly AnswerEntry[];
  readonly context_after?: readonly AnswerEntry[];
}

/** A structured answer, with the fields that tests look at: each tool has some of them. */
export interface SampleAnswer {
  readonly messages: readonly AnswerEntry[];
  readonly message: AnswerEntry;
  readonly before: readonly AnswerEntry[];
  readonly after: readonly AnswerEntry[];
  readonly chats: readonly AnswerEntry[];
  readonly contacts: readonly AnswerEntry[];
  readonly groups: readonly AnswerEntry[];
  readonly total: number;
  readonly path: string;
  readonly notice?: string;
  readonly next_cursor?: string;
}

/** Structured answer of a tool, as the host gets it: through JSON. */
export async function answerOf(tool: Tool, args: Readonly<Record<string, unknown>>, context: Context): Promise<SampleAnswer> {
  const answer = await tool.prepare(args)(context);
  if (answer instanceof Contents) throw new Error('Store tools answer with JSON.');
  return JSON.parse(JSON.stringify(answer)) as SampleAnswer;
}

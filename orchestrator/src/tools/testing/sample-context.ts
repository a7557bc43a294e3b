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

/** Structured answer of a tool, as the host gets it: through JSON. */
export async function answerOf(tool: Tool, args: Readonly<Record<string, unknown>>, context: Context): Promise<Readonly<Record<string, any>>> {
  const answer = await tool.prepare(args)(context);
  if (answer instanceof Contents) throw new Error('Store tools answer with JSON.');
  return JSON.parse(JSON.stringify(answer)) as Record<string, unknown>;
}

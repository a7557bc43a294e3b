/** The golden vectors that both bridges pass. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Converted } from './message.ts';
import { convertMessage } from './message.ts';
import { proto } from './protos.ts';
import type { Envelope, Own } from './source.ts';

interface Vector {
  readonly name: string;
  readonly rules: readonly string[];
  readonly own: Own;
  readonly input: { readonly source: 'history' | 'live'; readonly chat: string; readonly web_message_info: string; readonly envelope?: Envelope };
  readonly expect: Readonly<Record<string, unknown>>;
}

const folder = join(import.meta.dirname, '../../../contract/cases/canonical');

function convert({ input, own }: Vector): Converted {
  const info = proto.WebMessageInfo.decode(Buffer.from(input.web_message_info, 'base64'));
  return convertMessage({ source: input.source, chat: input.chat, info, envelope: input.envelope ?? {} }, own);
}

const fieldsOf = (raw: string): string[] => Object.keys(proto.Message.decode(Buffer.from(raw, 'base64')).toJSON()).sort();

/** A record as a vector writes it: payload as an object, the fields of raw instead of raw. */
function shown({ raw, payload, ...record }: { raw?: string | undefined; payload?: string | undefined }): { record: object; raw_fields?: string[] } {
  return {
    record: { ...record, ...(payload !== undefined && { payload: JSON.parse(payload) as unknown }) },
    ...(raw !== undefined && { raw_fields: fieldsOf(raw) }),
  };
}

function described({ message, ops, event }: Converted): object {
  const said = message === undefined ? undefined : shown(message);
  const told = {
    ...(said !== undefined && { message: said.record, ...(said.raw_fields !== undefined && { raw_fields: said.raw_fields }) }),
    ...(ops !== undefined && { ops: ops.map((op) => ({ ...shown(op).record, ...(op.raw !== undefined && { raw_fields: fieldsOf(op.raw) }) })) }),
    ...(event !== undefined && { event }),
  };
  return Object.keys(told).length === 0 ? { nothing: true } : told;
}

const files = readdirSync(join(folder, 'vectors'));
const vectors = new Map(files.map((file) => [file, JSON.parse(readFileSync(join(folder, 'vectors', file), 'utf8')) as readonly Vector[]]));

describe.each([...vectors])('%s', (_file, list) => {
  test.each(list.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    if (vector.expect['unreadable'] === true) expect(() => convert(vector)).toThrow();
    else expect(described(convert(vector))).toEqual(vector.expect);
  });
});

test('every rule has a vector, and every vector names rules that exist', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const known = new Set([...readme.matchAll(/\*\*([A-Z][\w-]*)\*\*/g), ...readme.matchAll(/^\| (K-[\w-]+) \|/gm)].map(([, id]) => id ?? ''));
  const cited = new Set([...vectors.values()].flat().flatMap(({ rules }) => rules));
  expect([...cited].filter((id) => !known.has(id))).toEqual([]);
  expect([...known].filter((id) => !cited.has(id))).toEqual([]);
});

/** Form and size of what a call answers with. */
import { failures } from '@whatsapp-mcp/contract';
import type { Bridge, Failure } from '@whatsapp-mcp/contract';
import { isJsonObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { Contents } from './tool.ts';
import type { Answer, ContentPart } from './tool.ts';

/** Hosts cut longer results, or drop them; bytes of JSON. */
export const MAX_RESULT_BYTES = 60_000;

export interface CallResult {
  readonly isError: boolean;
  readonly content: readonly ContentPart[];
  readonly structured: JsonObject | undefined;
}

export function resultOf(answer: Answer): CallResult {
  if (answer instanceof Contents) return { isError: false, content: answer.parts, structured: undefined };
  const structured = fitted(answer);
  return { isError: false, content: [{ type: 'text', text: JSON.stringify(structured) }], structured };
}

/** What the model reads of a failure. `backend` is null where no bridge took part. */
export function resultOfFailure(failure: Failure, backend: Bridge | undefined): CallResult {
  const { retryable, hint } = failures[failure.code];
  const structured = {
    ok: false,
    error: { code: failure.code, message: failure.message, retryable, backend: backend ?? null, hint, ...(failure.details && { details: failure.details }) },
  };
  return { isError: true, content: [{ type: 'text', text: JSON.stringify(structured) }], structured };
}

/** Shortens the longest list at the top of a result until it fits, and says so; whole as it is where it fits. */
function fitted(answer: JsonObject): JsonObject {
  if (bytesOf(answer) <= MAX_RESULT_BYTES) return answer;
  const longest = longestList(answer, []);
  if (longest === undefined || longest.list.length < 2) return tooLong(answer);
  const keep = keepCount(answer, longest);
  const shortened = replaced(answer, longest.path, longest.list.slice(0, keep));
  return fitted({ ...shortened, truncated: { ...(answer['truncated'] as JsonObject | undefined), [longest.path.join('.')]: { shown: keep, total: longest.list.length } } });
}

interface FoundList {
  readonly path: readonly string[];
  readonly list: readonly unknown[];
  readonly bytes: number;
}

function longestList(value: JsonObject, path: readonly string[]): FoundList | undefined {
  const found = Object.entries(value).flatMap(([key, item]): FoundList[] => {
    if (Array.isArray(item)) return [{ path: [...path, key], list: item as unknown[], bytes: bytesOf(item) }];
    const inner = isJsonObject(item) ? longestList(item, [...path, key]) : undefined;
    return inner === undefined ? [] : [inner];
  });
  return found.toSorted((a, b) => b.bytes - a.bytes)[0];
}

/** Items that fit beside the rest; at least one fewer than there are. Room is left for saying what was left out. */
function keepCount(answer: JsonObject, { list, bytes }: FoundList): number {
  const room = MAX_RESULT_BYTES - 500 - (bytesOf(answer) - bytes);
  let used = 0;
  const cut = list.findIndex((item) => (used += bytesOf(item) + 1) > room);
  return Math.max(0, Math.min(cut === -1 ? list.length - 1 : cut, list.length - 1));
}

function replaced(value: JsonObject, [key, ...rest]: readonly string[], list: readonly unknown[]): JsonObject {
  if (key === undefined) return value;
  return { ...value, [key]: rest.length === 0 ? list : replaced(value[key] as JsonObject, rest, list) };
}

function tooLong(answer: JsonObject): JsonObject {
  return { truncated: true, notice: `The result is longer than ${MAX_RESULT_BYTES} bytes; ask for less.`, beginning: JSON.stringify(answer).slice(0, MAX_RESULT_BYTES / 4) };
}

function bytesOf(value: unknown): number {
  // JSON has no undefined: as a field it is left out.
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}

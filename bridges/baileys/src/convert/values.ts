/** Values of protobuf messages as JSON ones: 64-bit numbers, bytes, and fields that say nothing. */

/** protobufjs gives 64-bit numbers as Long objects, 32-bit ones as numbers, absent ones as null. */
export type Numeric = number | { toNumber(): number } | null | undefined;
export type Bytes = Uint8Array | string | null | undefined;

const MAX_MILLIS = 9_000_000_000_000;

export function numberOf(value: Numeric): number | undefined {
  if (value == null) return undefined;
  const number = typeof value === 'number' ? value : value.toNumber();
  return Number.isFinite(number) ? number : undefined;
}

/** A number over zero: for fields where zero means unknown. */
export function positive(value: Numeric): number | undefined {
  const number = numberOf(value);
  return number !== undefined && number > 0 ? number : undefined;
}

/** A time in milliseconds within what a record may hold; undefined for zero and absent. */
export function millis(value: Numeric): number | undefined {
  const number = positive(value);
  return number === undefined ? undefined : Math.min(Math.floor(number), MAX_MILLIS);
}

/** A time given in seconds, as milliseconds. */
export function secondsToMillis(value: Numeric): number | undefined {
  const number = positive(value);
  return number === undefined ? undefined : Math.min(number * 1000, MAX_MILLIS);
}

export function base64(bytes: Bytes): string | undefined {
  if (bytes == null || bytes.length === 0) return undefined;
  return typeof bytes === 'string' ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** At most `max` UTF-16 units; undefined where empty. */
export function textOf(value: string | null | undefined, max = 262_144): string | undefined {
  if (value == null || value === '') return undefined;
  return value.length <= max ? value : value.slice(0, max);
}

export type Filled<T> = { [Key in keyof T]?: Exclude<NonNullable<T[Key]>, ''> };

/** The fields that say something: not undefined, null, empty text or empty list. */
export function filled<T extends object>(fields: T): Filled<T> {
  // A plain loop: this runs for every record of a history.
  const kept: Record<string, unknown> = {};
  for (const name in fields) {
    const value: unknown = fields[name];
    if (value != null && value !== '' && !(Array.isArray(value) && value.length === 0)) kept[name] = value;
  }
  return kept as Filled<T>;
}

/** `filled`, or undefined where nothing is left. */
export function filledOrNothing<T extends object>(fields: T): Filled<T> | undefined {
  const kept = filled(fields);
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** Times as people and models read them: RFC 3339 with the offset of the user's time zone, and back. Pure: the zone comes in. */
import { Failure } from '@whatsapp-mcp/contract';

export interface LocalTime {
  /** "2026-01-31T14:05:09+01:00" from milliseconds since 1970. */
  format(ms: number): string;
  /** "2026-01-31" from milliseconds since 1970. */
  day(ms: number): string;
  /**
   * Milliseconds since 1970 of a date or date-time; without an offset it is local, and a date is its midnight.
   * @throws Failure invalid_argument that names the argument
   */
  parse(text: string, argument: string): number;
}

const MINUTE = 60_000;
const ISO =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(?<offset>Z|[+-]\d{2}:?\d{2})?)?$/i;

/** A formatter takes longer to make than a page of messages to read. */
const zones = new Map<string, LocalTime>();

/** Of an IANA zone such as "Europe/Berlin". */
export function localTime(timeZone: string): LocalTime {
  const made = zones.get(timeZone) ?? createLocalTime(timeZone);
  zones.set(timeZone, made);
  return made;
}

function createLocalTime(timeZone: string): LocalTime {
  const offset = offsetReader(timeZone);
  const wall = (ms: number) => new Date(ms + offset(ms) * MINUTE).toISOString();
  return {
    format: (ms) => `${wall(ms).slice(0, 19)}${offsetText(offset(ms))}`,
    day: (ms) => wall(ms).slice(0, 10),
    parse: (text, argument) => parse(text, argument, offset),
  };
}

/** Minutes east of UTC at a moment. Zones change their offset at whole quarters of an hour, so one look-up serves each. */
function offsetReader(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  return (ms) => {
    const quarter = Math.floor(ms / (15 * MINUTE));
    const seen = known.get(quarter);
    if (seen !== undefined) return seen;
    const name = format.formatToParts(quarter * 15 * MINUTE).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
    const offset = hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
    if (known.size > 10_000) known.clear();
    known.set(quarter, offset);
    return offset;
  };
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
}

function parse(text: string, argument: string, offset: (ms: number) => number): number {
  const { day, time, offset: zone } = ISO.exec(text.trim())?.groups ?? {};
  const written = day !== undefined && exists(day) ? Date.parse(`${day}T${time ?? '00:00'}${isoZone(zone)}`) : Number.NaN;
  if (Number.isNaN(written)) {
    throw new Failure('invalid_argument', `${argument}: "${text}" is not a time. Write 2026-01-31 or 2026-01-31T14:05:00+01:00 (ISO 8601).`);
  }
  if (zone !== undefined) return written;
  // The offset at the wall-clock time is that of the moment it stands for; the second look settles days of a change.
  const first = written - offset(written) * MINUTE;
  return written - offset(first) * MINUTE;
}

function isoZone(zone: string | undefined): string {
  return zone === undefined ? 'Z' : zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
}

/** Date.parse rolls 2026-02-31 over into March. */
function exists(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}

import type { Random } from './random.ts';

/** Messages come in bursts of this many: one exchange of a dialogue. */
export const BURST = 4;

const DAY = 86_400;
const MORNING = 7 * 3600;
const NIGHT = 23 * 3600;

/** The last moment before this one at which people write: not in the middle of the night. */
export function lastAwake(time: number): number {
  const timeOfDay = time % DAY;
  return timeOfDay < MORNING ? time - timeOfDay - DAY + NIGHT : time;
}

/** Moves times of day into 07:00-23:00 UTC; keeps their order and never goes beyond `end`. */
function awake(time: number, end: number): number {
  const day = Math.floor(time / DAY) * DAY;
  const whole = Math.min(DAY, end - day);
  const evening = Math.min(NIGHT, whole);
  if (evening <= MORNING) return time;
  return day + MORNING + Math.floor(((time - day) / whole) * (evening - MORNING));
}

/** When messages were sent: Unix seconds, both included. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

/**
 * Unix seconds of `count` messages within the window, oldest first, never falling. Bursts are
 * spread over the whole time, denser towards the end; inside a burst people answer within seconds
 * or minutes.
 */
export function timesOf(random: Random, count: number, { start, end }: TimeWindow, burst = BURST): Uint32Array {
  const bursts = Math.max(1, Math.ceil(count / burst));
  const gaps = Float64Array.from({ length: bursts }, () => -Math.log(1 - random.fraction()) + 0.05);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const longest = Math.max(2, Math.floor((end - start) / (bursts * burst)));
  const times = new Uint32Array(count);
  let passed = 0;
  let previous = start;
  for (let n = 0; n < count; n++) {
    if (n % burst === 0) {
      passed += gaps[n / burst] ?? 0;
      const planned = start + Math.floor((end - start) * Math.sqrt(passed / total)) - burst * 60;
      previous = Math.max(previous, awake(planned, end));
    } else {
      previous += random.below(Math.min(longest, random.chance(800) ? 90 : 900));
    }
    previous = Math.min(previous, end);
    times[n] = previous;
  }
  return times;
}

/** Where the simulator takes the time from, and how it waits; a test can put its own in. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `action` once after `ms`; the function returned cancels it. */
  after(ms: number, action: () => void): () => void;
}

/** The machine's clock. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Epoch seconds, as stanzas carry them. */
export function seconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

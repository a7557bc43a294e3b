/** How fast to merge: as fast as it goes while nobody else writes; else half of the time belongs to the others. */
import type { Database } from 'better-sqlite3';

export interface Pace {
  /** To be told after each commit how long its transaction took, ms. */
  committed(ms: number): void;
  /** How long to let others write before the next page, ms. */
  pauseMs(): number;
  /** Rows that the next page should have. */
  pageSize(): number;
}

/** A live write waits at most for one page: shorter than anybody notices. */
const TARGET_MS = 30;
/** Below this the sync of the commit is most of the time, and still smaller pages would only make more of them. */
const SMALLEST_PAGE = 200;
/** About a second. A writer that waits for the lock asks for it again and again, in steps of up to 100 ms: it may miss a few pauses. */
const QUIET_PAGES = 20;

export function createPace(database: Database, largestPage: number): Pace {
  // Changes when another connection has written, and only then.
  const dataVersion = (): unknown => database.pragma('data_version', { simple: true });
  let seen = dataVersion();
  let lastMs = 0;
  let quietPages = QUIET_PAGES;
  let size = largestPage;
  const isShared = (): boolean => quietPages < QUIET_PAGES;
  return {
    committed: (ms) => {
      const version = dataVersion();
      quietPages = version === seen ? Math.min(QUIET_PAGES, quietPages + 1) : 0;
      seen = version;
      lastMs = ms;
      size = nextSize(size, isShared() ? ms : 0, largestPage);
    },
    pauseMs: () => (isShared() ? Math.max(1, lastMs) : 0),
    pageSize: () => size,
  };
}

/** Shrinks at once when a page took too long beside others, grows back slowly. */
export function nextSize(size: number, ms: number, largest: number): number {
  if (ms > TARGET_MS) return Math.min(largest, Math.max(SMALLEST_PAGE, Math.floor((size * TARGET_MS) / ms)));
  return Math.min(largest, Math.ceil(size * 1.25));
}

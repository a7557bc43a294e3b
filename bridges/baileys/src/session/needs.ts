/** Who needs the connection, and since when nobody did. */
export class Needs {
  readonly #idleMs: number;
  readonly #now: () => number;
  #holders = 0;
  #until = 0;

  constructor(idleMs: number, now: () => number) {
    this.#idleMs = idleMs;
    this.#now = now;
  }

  get some(): boolean {
    return this.#holders > 0 || this.#now() < this.#until;
  }

  /** Something happened: for the idle time, or `forMs` where that is longer, the connection is needed. */
  touch(forMs: number): void {
    this.#until = Math.max(this.#until, this.#now() + Math.max(this.#idleMs, forMs));
  }

  /** Somebody works until the returned function is called. */
  hold(): () => void {
    this.#holders += 1;
    return () => {
      this.#holders -= 1;
      this.touch(0);
    };
  }
}

/** Who needs the connection, and since when nobody did. */
export class Needs {
  readonly #idleMs: number;
  readonly #now: () => number;
  #holders = 0;
  #until = 0;
  #expectedUntil = 0;

  constructor(idleMs: number, now: () => number) {
    this.#idleMs = idleMs;
    this.#now = now;
  }

  get some(): boolean {
    return this.#holders > 0 || this.#now() < Math.max(this.#until, this.#expectedUntil);
  }

  /** Something happened: for the idle time the connection is needed. */
  touch(): void {
    this.#until = this.#now() + this.#idleMs;
  }

  /** More is expected to come within `forMs` from now; replaces what was expected before. */
  expect(forMs: number): void {
    this.#expectedUntil = this.#now() + forMs;
  }

  /** Somebody works until the returned function is called. */
  hold(): () => void {
    this.#holders += 1;
    return () => {
      this.#holders -= 1;
      this.touch();
    };
  }
}

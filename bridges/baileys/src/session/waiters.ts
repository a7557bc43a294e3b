/** Callers that wait for one thing to come: a connection, a QR code, an answer. */
export class Waiters<Value> {
  readonly #waiting = new Set<{ resolve: (value: Value) => void; reject: (error: Error) => void }>();

  get some(): boolean {
    return this.#waiting.size > 0;
  }

  /** The value, or `late()` once the signal aborts. */
  async wait(signal: AbortSignal, late: () => Error): Promise<Value> {
    if (signal.aborted) throw late();
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    const waiter = { resolve, reject };
    const abort = (): void => reject(late());
    this.#waiting.add(waiter);
    signal.addEventListener('abort', abort);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
      this.#waiting.delete(waiter);
    }
  }

  succeed(value: Value): void {
    for (const { resolve } of this.#waiting) resolve(value);
  }

  fail(error: Error): void {
    for (const { reject } of this.#waiting) reject(error);
  }
}

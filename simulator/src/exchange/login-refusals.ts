/** Why the server does not let somebody in, as `<failure>` says it. */
export interface LoginRefusal {
  /** Digits of the account's phone number; left out, nobody gets in, not even to be linked. */
  readonly account?: string;
  /** 401 logged out, 402 banned for a time, 403 and 406 banned, 405 outdated, 409 bad payload, 500 and 503 try again. */
  readonly reason: number;
  /** More attributes, e.g. `code` and `expire` (seconds) of a 402. */
  readonly attrs?: Readonly<Record<string, string>>;
  /** Refuses so often, then never again. Default: always. */
  readonly times?: number;
}

/** The refusals in force. */
export class LoginRefusals {
  private readonly rules = new Map<LoginRefusal, number>();

  /** Puts a refusal in force; the function returned lifts it. */
  add(refusal: LoginRefusal): () => void {
    this.rules.set(refusal, 0);
    return () => this.rules.delete(refusal);
  }

  /** Lifts all refusals. */
  clear(): void {
    this.rules.clear();
  }

  /** The refusal that meets a login, which then counts; `account` is undefined for who wants to be linked. */
  meet(account: string | undefined): LoginRefusal | undefined {
    for (const [refusal, struck] of this.rules) {
      const fits = refusal.account === undefined || refusal.account === account;
      if (!fits || struck >= (refusal.times ?? Infinity)) continue;
      this.rules.set(refusal, struck + 1);
      return refusal;
    }
    return undefined;
  }
}

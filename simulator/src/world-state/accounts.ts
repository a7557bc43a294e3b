import type { Person, PersonId } from '../world/types.ts';

type WithId = Pick<Person, 'id'>;

/** Who sees status posts ("stories") by default. */
export interface StatusAudience {
  readonly type: 'contacts' | 'blacklist' | 'whitelist';
  readonly people: readonly PersonId[];
}

/** How long messages of new chats last. */
export interface DisappearingMode {
  /** Seconds; 0 is for ever. */
  readonly duration: number;
  /** Epoch seconds of the change; 0 if it was never changed. */
  readonly setAt: number;
}

/** Settings of accounts that are neither privacy categories nor app state. */
export class AccountBook {
  private readonly blocked = new Map<PersonId, Set<PersonId>>();
  private readonly blocklistVersions = new Map<PersonId, number>();
  private readonly disappearing = new Map<PersonId, DisappearingMode>();
  private readonly audiences = new Map<PersonId, StatusAudience>();

  /** Whom somebody has blocked, in the order of blocking. */
  blocklist({ id }: WithId): readonly PersonId[] {
    return [...(this.blocked.get(id) ?? [])];
  }

  blocks({ id }: WithId, other: WithId): boolean {
    return this.blocked.get(id)?.has(other.id) ?? false;
  }

  /** The digest by which clients tell whether their list is the newest. */
  blocklistHash({ id }: WithId): string {
    return String(this.blocklistVersions.get(id) ?? 0);
  }

  /** Blocks or unblocks; false where it was so already. */
  setBlocked(person: WithId, other: WithId, blocked: boolean): boolean {
    if (this.blocks(person, other) === blocked) return false;
    const list = this.blocked.get(person.id) ?? new Set<PersonId>();
    if (blocked) list.add(other.id);
    else list.delete(other.id);
    this.blocked.set(person.id, list);
    this.blocklistVersions.set(person.id, (this.blocklistVersions.get(person.id) ?? 0) + 1);
    return true;
  }

  disappearingMode({ id }: WithId): DisappearingMode {
    return this.disappearing.get(id) ?? { duration: 0, setAt: 0 };
  }

  setDisappearingMode({ id }: WithId, mode: DisappearingMode): void {
    this.disappearing.set(id, mode);
  }

  statusAudience({ id }: WithId): StatusAudience {
    return this.audiences.get(id) ?? { type: 'contacts', people: [] };
  }

  setStatusAudience({ id }: WithId, audience: StatusAudience): void {
    this.audiences.set(id, audience);
  }
}

import type { Person, PersonId } from '../world/types.ts';

/** An account that may not write to people it has no chat with, for a while. */
export interface ReachoutTimelock {
  /** Epoch seconds. */
  readonly endsAt: number;
  /** As clients know them, e.g. `DEFAULT` or `BIZ_QUALITY` (Baileys Types/Mex.d.ts). */
  readonly type: string;
}

/** How many new chats an account may start (Baileys: fetchNewChatMessageCap). */
export interface NewChatCap {
  readonly total: number;
  readonly used: number;
  readonly status: 'NONE' | 'FIRST_WARNING' | 'SECOND_WARNING' | 'CAPPED';
}

/** What is held against accounts. */
export class RestrictionBook {
  private readonly timelocks = new Map<PersonId, ReachoutTimelock>();
  private readonly caps = new Map<PersonId, NewChatCap>();

  /** Undefined where there is none, or where it has ended. */
  timelock({ id }: Pick<Person, 'id'>, now: number): ReachoutTimelock | undefined {
    const found = this.timelocks.get(id);
    return found !== undefined && found.endsAt > now ? found : undefined;
  }

  setTimelock({ id }: Pick<Person, 'id'>, timelock: ReachoutTimelock | undefined): void {
    if (timelock === undefined) this.timelocks.delete(id);
    else this.timelocks.set(id, timelock);
  }

  cap({ id }: Pick<Person, 'id'>): NewChatCap | undefined {
    return this.caps.get(id);
  }

  setCap({ id }: Pick<Person, 'id'>, cap: NewChatCap | undefined): void {
    if (cap === undefined) this.caps.delete(id);
    else this.caps.set(id, cap);
  }
}

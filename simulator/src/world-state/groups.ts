import { randomInt } from 'node:crypto';
import type { Group, PersonId } from '../world/types.ts';

/** How somebody asked to be let into a group (`<membership_approval_request request_method>`). */
export type RequestMethod = 'invite_link' | 'non_admin_add' | 'linked_group_join';

/** Somebody waits for an admin to let them in. */
export interface JoinRequest {
  readonly person: PersonId;
  /** Epoch seconds. */
  readonly at: number;
  readonly method: RequestMethod;
}

/** An invitation to one person, which travels in a message (groupInviteMessage). */
export interface PersonalInvite {
  readonly code: string;
  readonly invited: PersonId;
  readonly admin: PersonId;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

const CODE_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Letters of the code in a `chat.whatsapp.com` link. */
const LINK_CODE_LENGTH = 22;
const PERSONAL_CODE_LENGTH = 16;
/** A personal invitation is good for three days. */
const PERSONAL_INVITE_SECONDS = 259_200;

export function randomCode(length = LINK_CODE_LENGTH): string {
  return Array.from({ length }, () => CODE_ALPHABET.charAt(randomInt(CODE_ALPHABET.length))).join('');
}

/** What the server keeps about groups beside what their members see of them. */
export class GroupLedger {
  private readonly requests = new Map<string, Map<PersonId, JoinRequest>>();
  private readonly personalInvites = new Map<string, PersonalInvite[]>();
  private readonly revoked = new Map<string, string>();
  private readonly versions = new Map<string, number>();

  /** Who waits to be let into a group, oldest first. */
  requestsFor(group: Group): readonly JoinRequest[] {
    return [...this.pending(group).values()];
  }

  /** Files a request; false if that person waits already. */
  addRequest(group: Group, request: JoinRequest): boolean {
    const pending = this.pending(group);
    if (pending.has(request.person)) return false;
    pending.set(request.person, request);
    return true;
  }

  /** Takes a request away; false if there was none. */
  takeRequest(group: Group, person: PersonId): boolean {
    return this.pending(group).delete(person);
  }

  /** Makes a new code for the link of a group; the old one is known as revoked from then on. */
  renewLink(group: Group): void {
    this.revoked.set(group.inviteCode, group.jid);
    group.inviteCode = randomCode();
  }

  isRevoked(code: string): boolean {
    return this.revoked.has(code);
  }

  /** Invites one person; `now` is epoch seconds. */
  invite(group: Group, parties: { invited: PersonId; admin: PersonId }, now: number): PersonalInvite {
    const made = { ...parties, code: randomCode(PERSONAL_CODE_LENGTH), expiresAt: now + PERSONAL_INVITE_SECONDS };
    const others = (this.personalInvites.get(group.jid) ?? []).filter(({ invited }) => invited !== parties.invited);
    this.personalInvites.set(group.jid, [...others, made]);
    return made;
  }

  personalInvite(group: Group, code: string): PersonalInvite | undefined {
    return this.personalInvites.get(group.jid)?.find((invite) => invite.code === code);
  }

  /** The invitation that a person holds. */
  personalInviteOf(group: Group, person: PersonId): PersonalInvite | undefined {
    return this.personalInvites.get(group.jid)?.find(({ invited }) => invited === person);
  }

  /** Takes the invitation of a person back; false if there was none. */
  uninvite(group: Group, person: PersonId): boolean {
    const invites = this.personalInvites.get(group.jid) ?? [];
    const kept = invites.filter(({ invited }) => invited !== person);
    this.personalInvites.set(group.jid, kept);
    return kept.length < invites.length;
  }

  /** Version of a group's members and settings (`p_v_id`, `a_v_id`): the time of creation, in microseconds, plus one a change. */
  version(group: Group): string {
    return String(group.createdAt * 1_000_000 + (this.versions.get(group.jid) ?? 0));
  }

  bump(group: Group): { prev_v_id: string; v_id: string } {
    const before = this.version(group);
    this.versions.set(group.jid, (this.versions.get(group.jid) ?? 0) + 1);
    return { prev_v_id: before, v_id: this.version(group) };
  }

  private pending(group: Group): Map<PersonId, JoinRequest> {
    const known = this.requests.get(group.jid);
    if (known !== undefined) return known;
    const made = new Map<PersonId, JoinRequest>();
    this.requests.set(group.jid, made);
    return made;
  }
}

/** The one gate before routing: what the settings forbid never reaches a bridge, and a person is asked where they want to be. */
import { Failure } from '@whatsapp-mcp/contract';
import type { Input, OperationName } from '@whatsapp-mcp/contract';
import type { Config } from '../config.ts';
import type { Visibility } from '../context.ts';
import { allows, parseAllowList } from './allow-list.ts';
import type { AllowList } from './allow-list.ts';
import { effectOf, ruleOf } from './rules.ts';

/** What policy has to know of the stored chats. */
export interface KnownChats {
  /** Every JID under which a chat or person is known, the given one included. */
  formsOf(jid: string): readonly string[];
  /** Canonical JID of a chat, the given one where it is unknown. */
  canonical(jid: string): string;
  displayName(jid: string): string;
  /** Whether the account has written there before. */
  hasWrittenTo(jid: string): boolean;
}

/** How a person is asked; `unavailable` where the host cannot ask. */
export type Confirm = (question: string, signal: AbortSignal) => Promise<'accept' | 'decline' | 'cancel' | 'unavailable'>;

export interface Policy extends Visibility {
  /** Throws Failure policy_denied. */
  check<Name extends OperationName>(operation: Name, input: Input<Name>): void;
  /** Throws Failure declined, or policy_denied where asking is a must and the host cannot. */
  confirm<Name extends OperationName>(operation: Name, input: Input<Name>, asking: Asking): Promise<void>;
  /** Canonical JID of a chat; the given one where it, or the whole store, is unknown. */
  canonical(jid: string): string;
  /** Entries of the allow-lists that cannot be read, for the log. */
  readonly unreadable: readonly string[];
}

export interface Asking {
  readonly confirm: Confirm;
  readonly signal: AbortSignal;
}

type PolicyConfig = Pick<Config, 'read_only' | 'allowed_recipients' | 'visible_chats' | 'confirm'>;

export function createPolicy(config: PolicyConfig, chats: KnownChats): Policy {
  const recipients = parseAllowList(config.allowed_recipients);
  const visible = parseAllowList(config.visible_chats);
  return {
    unreadable: [...recipients.unreadable, ...visible.unreadable],
    canonical: (jid) => chats.canonical(jid),
    visibleChats: () => visible.jids && new Set([...visible.jids].flatMap((jid) => [jid, chats.canonical(jid)])),
    check: (operation, input) => {
      refuseWriting(config.read_only, operation, input);
      const rule = ruleOf(operation);
      refuseOutside(recipients, rule.reaches?.(input) ?? [], { chats, setting: 'WHATSAPP_ALLOWED_RECIPIENTS' });
      refuseOutside(visible, rule.reads?.(input) ?? [], { chats, setting: 'WHATSAPP_VISIBLE_CHATS' });
    },
    confirm: async (operation, input, asking) => {
      if (!mustAsk(config.confirm, operation, input, chats)) return;
      const { describe } = ruleOf(operation);
      const what = describe === undefined ? operation : describe(input, (jid) => named(chats, jid));
      const answer = await asking.confirm(`Allow the assistant to ${what}?`, asking.signal);
      if (answer === 'accept' || (answer === 'unavailable' && config.confirm !== 'all')) return;
      if (answer === 'unavailable') throw new Failure('policy_denied', 'WHATSAPP_CONFIRM=all asks the person before every send, and this host cannot ask.');
      throw new Failure('declined', answer === 'decline' ? 'The person said no.' : 'The person did not answer the question, which counts as no.');
    },
  };
}

function refuseWriting<Name extends OperationName>(readOnly: boolean, operation: Name, input: Input<Name>): void {
  const effect = effectOf(operation, input);
  if (readOnly && (effect === 'writes' || effect === 'destroys')) {
    throw new Failure('policy_denied', `WHATSAPP_READ_ONLY=1 forbids ${operation}.`);
  }
}

function refuseOutside(list: AllowList, jids: readonly string[], { chats, setting }: { chats: KnownChats; setting: string }): void {
  const refused = jids.find((jid) => !allows(list, jid, (each) => chats.formsOf(each)));
  if (refused === undefined) return;
  const why = list.unreadable.length > 0 ? ` (it has an entry that cannot be read, so it allows nothing)` : '';
  throw new Failure('policy_denied', `${setting} does not list ${refused}${why}.`);
}

function mustAsk<Name extends OperationName>(mode: Config['confirm'], operation: Name, input: Input<Name>, chats: KnownChats): boolean {
  const { risk, reaches } = ruleOf(operation);
  if (mode === 'off' || risk === 'none') return false;
  if (mode === 'all' || risk === 'risky') return true;
  return (reaches?.(input) ?? []).some((jid) => !isPerson(jid) || !chats.hasWrittenTo(jid));
}

function isPerson(jid: string): boolean {
  return jid.endsWith('@s.whatsapp.net') || jid.endsWith('@lid');
}

function named(chats: KnownChats, jid: string): string {
  const name = chats.displayName(jid);
  const form = chats.formsOf(jid).find((each) => each.endsWith('@s.whatsapp.net')) ?? jid;
  const address = form.replace(/^(\d+)@s\.whatsapp\.net$/, '+$1');
  return name === '' || name === address ? address : `${name} (${address})`;
}

/** What the end of a connection means, and what to do then. Pure. */
import type { ConnectionState } from '@whatsapp-mcp/contract';

export interface Ending {
  /** DisconnectReason, `failure` reason or stream error code of Baileys. */
  readonly code: number | undefined;
  readonly message: string;
  /** Attributes of a `failure` stanza. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Verdict {
  readonly state: ConnectionState;
  readonly reason: string;
  /** now: a new socket at once; later: with back-off, while something needs the connection; never: only when somebody asks. */
  readonly again: 'now' | 'later' | 'never';
  /** The device is unlinked: its credentials are worthless. */
  readonly forget: boolean;
  /** Temporary ban: until when, ms. */
  readonly bannedUntil?: number;
}

type Rule = Omit<Verdict, 'bannedUntil'>;

const loggedOut: Rule = {
  state: 'logged_out',
  reason: 'The phone unlinked this device. Link it again.',
  again: 'never',
  forget: true,
};

/** Codes: Baileys Types/index.ts DisconnectReason; whatsmeow types/events/events.go ConnectFailureReason. */
const rules: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [515, { state: 'connecting', reason: 'WhatsApp asked for a new connection.', again: 'now', forget: false }],
  [401, loggedOut],
  [406, loggedOut],
  [402, { state: 'banned', reason: 'WhatsApp has banned this account for a time.', again: 'never', forget: false }],
  [403, { state: 'banned', reason: 'WhatsApp refuses this account (403).', again: 'never', forget: false }],
  [405, { state: 'client_outdated', reason: 'WhatsApp refuses this version of Baileys. Update this server.', again: 'never', forget: false }],
  [411, { state: 'disconnected', reason: 'The phone does not use linked devices (411).', again: 'never', forget: false }],
  [440, { state: 'replaced', reason: 'Another program connected with the same device and took over.', again: 'never', forget: false }],
]);

export function judge(ending: Ending, now: number): Verdict {
  const rule = ending.code === undefined ? undefined : rules.get(ending.code);
  if (rule === undefined) return { state: 'disconnected', reason: `${ending.message}${ending.code === undefined ? '' : ` (${ending.code})`}`.slice(0, 500), again: 'later', forget: false };
  const seconds = Number(ending.attributes['expire']);
  return rule.state === 'banned' && seconds > 0 ? { ...rule, bannedUntil: now + seconds * 1000 } : rule;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;

/** Pause before attempt `attempt` (0: the first after a failure), with jitter; `random` in [0, 1). */
export function pauseBefore(attempt: number, random: number): number {
  return Math.round(Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * (0.5 + random));
}

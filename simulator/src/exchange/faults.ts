import { attr, child, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Clock } from './clock.ts';
import type { Device } from './device.ts';

/** Which stanzas a fault strikes. What is left out matches all. */
export interface Scope {
  readonly direction: 'to_client' | 'from_client';
  /** Digits of the account's phone number. */
  readonly account?: string;
  /** Device id. */
  readonly device?: number;
  /** `message`, `receipt`, `iq`, `ack`, `notification`, … */
  readonly tag?: string;
  /** The `type` attribute. */
  readonly type?: string;
  /** The `xmlns` attribute of a request. */
  readonly xmlns?: string;
  /** Tag of the first child, e.g. `count` of `encrypt`. */
  readonly child?: string;
  /** Lets so many pass first. Default 0. */
  readonly skip?: number;
  /** Strikes so often, then never again. Default: always. */
  readonly times?: number;
}

/** What happens to them. */
export type Effect =
  /** It never arrives. What must be acknowledged comes again at the next login. */
  | { readonly kind: 'drop' }
  /** It arrives later; others overtake it. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** It arrives more than once. */
  | { readonly kind: 'duplicate'; readonly copies: number }
  /** It arrives after so many others. */
  | { readonly kind: 'reorder'; readonly behind: number }
  /** Its ciphertexts arrive with a bit turned, so that they do not decrypt. */
  | { readonly kind: 'corrupt' }
  /** The server refuses it: requests get an error, messages an ack with `error`. From clients only. */
  | { readonly kind: 'refuse'; readonly code: number; readonly text: string };

/** Where a stanza goes that no fault holds back. */
export interface Crossing {
  readonly direction: Scope['direction'];
  readonly device: Device;
  readonly pass: (stanza: BinaryNode) => void;
  /** Answers a stanza of a client in the server's place. */
  readonly refuse?: (stanza: BinaryNode, effect: Effect & { kind: 'refuse' }) => void;
}

interface Rule {
  readonly scope: Scope;
  readonly effect: Effect;
  seen: number;
  struck: number;
}

/** A stanza that waits for others of its device and direction to overtake it. */
interface Held {
  left: number;
  readonly behind: Crossing;
  readonly release: () => void;
}

/** The faults in force. Each stanza suffers the first that fits. */
export class Faults {
  private readonly clock: Clock;
  private readonly rules = new Map<number, Rule>();
  private lastId = 0;
  private readonly held: Held[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Puts a fault in force; the function returned lifts it. */
  add(scope: Scope, effect: Effect): () => void {
    const id = this.put(scope, effect);
    return () => this.lift(id);
  }

  /** As `add`, for who can only keep a number. */
  put(scope: Scope, effect: Effect): number {
    this.lastId += 1;
    this.rules.set(this.lastId, { scope, effect, seen: 0, struck: 0 });
    return this.lastId;
  }

  /** False if there is no such fault. */
  lift(id: number): boolean {
    return this.rules.delete(id);
  }

  /** How often a fault has struck; undefined if there is no such fault. */
  strikes(id: number): number | undefined {
    return this.rules.get(id)?.struck;
  }

  /** Lifts all faults and lets go what they held. */
  clear(): void {
    this.rules.clear();
    for (const { release } of this.held.splice(0)) release();
  }

  /** Lets a stanza through, or does to it what a fault says. */
  cross(stanza: BinaryNode, crossing: Crossing): void {
    const rule = [...this.rules.values()].find((candidate) => strikes(candidate, stanza, crossing));
    if (rule === undefined) crossing.pass(stanza);
    else this.apply(rule.effect, stanza, crossing);
    this.releaseDue(crossing);
  }

  private apply(effect: Effect, stanza: BinaryNode, crossing: Crossing): void {
    const { pass } = crossing;
    const appliers: { readonly [Kind in Effect['kind']]: (effect: Extract<Effect, { kind: Kind }>) => void } = {
      drop: () => undefined,
      delay: ({ ms }) => {
        this.clock.after(ms, () => pass(stanza));
      },
      duplicate: ({ copies }) => {
        for (let copy = 0; copy <= copies; copy += 1) pass(stanza);
      },
      // One more, because the stanza itself counts as the first to pass.
      reorder: ({ behind }) => this.held.push({ left: behind + 1, behind: crossing, release: () => pass(stanza) }),
      corrupt: () => pass(corrupted(stanza)),
      refuse: (refusal) => crossing.refuse?.(stanza, refusal),
    };
    (appliers[effect.kind] as (effect: Effect) => void)(effect);
  }

  private releaseDue({ device, direction }: Crossing): void {
    const waiting = this.held.filter(({ behind }) => behind.device === device && behind.direction === direction);
    for (const held of waiting) held.left -= 1;
    for (const held of waiting.filter(({ left }) => left <= 0)) {
      this.held.splice(this.held.indexOf(held), 1);
      held.release();
    }
  }
}

function strikes(rule: Rule, stanza: BinaryNode, { direction, device }: Crossing): boolean {
  const { scope } = rule;
  const fits =
    scope.direction === direction &&
    agrees(scope.account, device.account.person.id) &&
    agrees(scope.device, device.id) &&
    agrees(scope.tag, stanza.tag) &&
    agrees(scope.type, attr(stanza, 'type')) &&
    agrees(scope.xmlns, attr(stanza, 'xmlns')) &&
    agrees(scope.child, child(stanza)?.tag);
  if (!fits) return false;
  rule.seen += 1;
  if (rule.seen <= (scope.skip ?? 0) || rule.struck >= (scope.times ?? Infinity)) return false;
  rule.struck += 1;
  return true;
}

function agrees<Value>(wanted: Value | undefined, found: Value | undefined): boolean {
  return wanted === undefined || wanted === found;
}

/** The stanza with the last bit of each ciphertext turned: the MAC of Signal does not match any more. */
function corrupted(stanza: BinaryNode): BinaryNode {
  const { tag, attrs, content } = stanza;
  if (content === undefined) return stanza;
  if (!(content instanceof Uint8Array)) return node(tag, attrs, content.map(corrupted));
  if (tag !== 'enc') return stanza;
  const bytes = Uint8Array.from(content);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return node(tag, attrs, bytes);
}

import { keyPairFrom } from '../noise/curve.ts';
import { derive } from '../noise/derive.ts';
import { Jid, SERVERS } from '../wire/jid.ts';
import type { AppStateStore } from '../appstate/index.ts';
import type { World } from '../world/types.ts';
import { Account } from './account.ts';
import type { Device } from './device.ts';

const PERSONAL: ReadonlySet<string> = new Set([SERVERS.user, SERVERS.lid, SERVERS.legacyUser]);

/** How accounts come to life. */
export interface AccountParts {
  /** Gives a new account its phone. */
  readonly switchOn: (account: Account) => void;
  /** The app state that an account had before; none where it is new. */
  readonly appStateOf?: (person: string) => AppStateStore | undefined;
}

/** Finds accounts and devices by any of their addresses. Accounts come to life when first asked for. */
export class Directory {
  readonly world: World;
  private readonly seed: number;
  private readonly switchOn: (account: Account) => void;
  private readonly appStateOf: (person: string) => AppStateStore | undefined;
  private readonly accounts = new Map<string, Account>();

  constructor(world: World, seed: number, { switchOn, appStateOf = () => undefined }: AccountParts) {
    this.world = world;
    this.seed = seed;
    this.switchOn = switchOn;
    this.appStateOf = appStateOf;
  }

  /** The account behind a phone-number or hidden-id address; undefined where nobody has it. */
  account(jid: Jid): Account | undefined {
    if (!PERSONAL.has(jid.server)) return undefined;
    const server = jid.server === SERVERS.lid ? SERVERS.lid : SERVERS.user;
    const person = this.world.person(`${jid.user}@${server}`);
    if (person === undefined) return undefined;
    const known = this.accounts.get(person.id);
    if (known !== undefined) return known;
    const account = new Account(person, keyPairFrom(derive(this.seed, `identity ${person.id}`, 32)), this.appStateOf(person.id));
    this.accounts.set(person.id, account);
    this.switchOn(account);
    return account;
  }

  /** As `account`, by the person's id; throws a RangeError where nobody has it. */
  accountOf(person: string): Account {
    const account = this.account(new Jid(person, SERVERS.user));
    if (account === undefined) throw new RangeError(`nobody in this world has the number ${person}`);
    return account;
  }

  /** The device with exactly this address. */
  device(jid: Jid): Device | undefined {
    return this.account(jid)?.devices.get(jid.device);
  }

  /** The linked device that has this Noise key. */
  companionByNoiseKey(noiseKey: Uint8Array): Device | undefined {
    for (const account of this.accounts.values()) {
      const found = account.companions.find((device) => Buffer.compare(device.companion?.noiseKey ?? EMPTY, noiseKey) === 0);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The accounts that have come to life. */
  known(): Iterable<Account> {
    return this.accounts.values();
  }
}

const EMPTY = new Uint8Array(0);

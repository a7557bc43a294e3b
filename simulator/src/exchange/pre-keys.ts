/** A public pre-key as it is uploaded: id and 32 raw bytes. */
export interface PublicPreKey {
  readonly id: number;
  readonly publicKey: Uint8Array;
}

/** A pre-key with the identity's signature over it; 64 bytes. */
export interface SignedPublicPreKey extends PublicPreKey {
  readonly signature: Uint8Array;
}

/** What another device needs to start a Signal session. */
export interface KeyBundle {
  readonly registrationId: number;
  /** 32 raw bytes. */
  readonly identity: Uint8Array;
  readonly signed: SignedPublicPreKey;
  /** Missing when the device has none left. */
  readonly oneTime: PublicPreKey | undefined;
}

/** Below this many one-time keys a device is asked for more (whatsmeow prekeys.go: MinPreKeyCount). */
export const LOW_PRE_KEYS = 5;
/** Far above the 812 that clients upload; stops one that uploads for ever. */
const MAX_PRE_KEYS = 10_000;

/** The public keys of one device, as the server keeps them. One-time keys are given out once. */
export class PreKeyPool {
  registrationId: number;
  identity: Uint8Array;
  signed: SignedPublicPreKey;
  private oneTime: PublicPreKey[] = [];

  constructor(keys: { registrationId: number; identity: Uint8Array; signed: SignedPublicPreKey }, oneTime: readonly PublicPreKey[] = []) {
    this.registrationId = keys.registrationId;
    this.identity = keys.identity;
    this.signed = keys.signed;
    this.oneTime = [...oneTime];
  }

  get count(): number {
    return this.oneTime.length;
  }

  /** Adds one-time keys; one that is known by its id is replaced. Throws a RangeError above the limit. */
  add(keys: readonly PublicPreKey[]): void {
    const fresh = new Set(keys.map((key) => key.id));
    const kept = this.oneTime.filter((key) => !fresh.has(key.id));
    if (kept.length + keys.length > MAX_PRE_KEYS) {
      throw new RangeError(`a device may keep ${MAX_PRE_KEYS} one-time keys, this would be ${kept.length + keys.length}`);
    }
    this.oneTime = [...kept, ...keys];
  }

  /** A bundle, with one one-time key taken out of the pool. */
  take(): KeyBundle {
    const oneTime = this.oneTime.shift();
    return { registrationId: this.registrationId, identity: this.identity, signed: this.signed, oneTime };
  }

  /** Keeps these one-time keys and no others. */
  replace(keys: readonly PublicPreKey[]): void {
    this.oneTime = [...keys];
  }

  oneTimeKeys(): readonly PublicPreKey[] {
    return this.oneTime;
  }
}

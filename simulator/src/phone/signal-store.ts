import type { KeyPair as BridgeKeyPair, SessionRecord, SignalStorage, SignedPreKey } from 'whatsapp-rust-bridge';
import type { KeyPair } from '../noise/curve.ts';
import { freshKeyPair, sign, withType } from '../noise/curve.ts';
import type { PublicPreKey, SignedPublicPreKey } from '../exchange/pre-keys.ts';

/** One-time keys a phone makes at a time. */
const PRE_KEY_BATCH = 30;
const SIGNED_KEY_ID = 1;

/** What a phone keeps of its Signal state. */
export interface SignalState {
  readonly lastPreKeyId: number;
  readonly preKeys: readonly (KeyPair & { readonly id: number })[];
  readonly sessions: Readonly<Record<string, Uint8Array>>;
  readonly senderKeys: Readonly<Record<string, Uint8Array>>;
}

/** The Signal state of one phone, in memory. Sessions are kept as the serialised records of libsignal. */
export class SignalStore implements SignalStorage {
  readonly identity: KeyPair;
  readonly registrationId: number;
  readonly sessions = new Map<string, Uint8Array>();
  readonly senderKeys = new Map<string, Uint8Array>();
  readonly preKeys = new Map<number, KeyPair>();
  private readonly signed: KeyPair;
  private readonly signedSignature: Uint8Array;
  lastPreKeyId = 0;

  constructor(keys: { identity: KeyPair; registrationId: number; signed: KeyPair }) {
    this.identity = keys.identity;
    this.registrationId = keys.registrationId;
    this.signed = keys.signed;
    this.signedSignature = sign(keys.identity, withType(keys.signed.publicKey));
  }

  get signedPreKey(): SignedPublicPreKey {
    return { id: SIGNED_KEY_ID, publicKey: this.signed.publicKey, signature: this.signedSignature };
  }

  /** Makes one-time keys and returns their public halves. */
  makePreKeys(count = PRE_KEY_BATCH): PublicPreKey[] {
    return Array.from({ length: count }, () => {
      this.lastPreKeyId += 1;
      const pair = freshKeyPair();
      this.preKeys.set(this.lastPreKeyId, pair);
      return { id: this.lastPreKeyId, publicKey: pair.publicKey };
    });
  }

  /** Forgets what it has and takes up an earlier state. */
  restore(state: SignalState): void {
    this.lastPreKeyId = state.lastPreKeyId;
    refill(this.preKeys, state.preKeys.map((key): [number, KeyPair] => [key.id, key]));
    refill(this.sessions, Object.entries(state.sessions));
    refill(this.senderKeys, Object.entries(state.senderKeys));
  }

  loadSession(address: string): Uint8Array | undefined {
    return this.sessions.get(address);
  }

  storeSession(address: string, record: SessionRecord): void {
    this.sessions.set(address, record.serialize());
  }

  getOurIdentity(): BridgeKeyPair {
    return forBridge(this.identity);
  }

  getOurRegistrationId(): number {
    return this.registrationId;
  }

  /** Phones accept a changed identity, as WhatsApp does by default. */
  isTrustedIdentity(): boolean {
    return true;
  }

  loadPreKey(id: number): BridgeKeyPair | undefined {
    const pair = this.preKeys.get(id);
    return pair === undefined ? undefined : forBridge(pair);
  }

  removePreKey(id: number): void {
    this.preKeys.delete(id);
  }

  loadSignedPreKey(id: number): SignedPreKey | undefined {
    if (id !== SIGNED_KEY_ID) return undefined;
    return { keyId: id, keyPair: forBridge(this.signed), signature: this.signedSignature };
  }

  loadSenderKey(name: string): Uint8Array | undefined {
    return this.senderKeys.get(name);
  }

  storeSenderKey(name: string, record: Uint8Array): void {
    this.senderKeys.set(name, record);
  }
}

function refill<Key, Value>(map: Map<Key, Value>, entries: Iterable<readonly [Key, Value]>): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

function forBridge({ publicKey, privateKey }: KeyPair): BridgeKeyPair {
  return { pubKey: withType(publicKey), privKey: privateKey };
}

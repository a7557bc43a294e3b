import {
  GroupCipher,
  GroupSessionBuilder,
  ProtocolAddress,
  SenderKeyDistributionMessage,
  SenderKeyName,
  SessionBuilder,
  SessionCipher,
} from 'whatsapp-rust-bridge';
import type { Device } from '../exchange/device.ts';
import type { KeyBundle } from '../exchange/pre-keys.ts';
import { withType } from '../noise/curve.ts';
import type { SignalStore } from './signal-store.ts';

/** `<enc type>`: `pkmsg` carries what a first message needs to start a session. */
export type CipherType = 'pkmsg' | 'msg';
export interface Sealed {
  readonly type: CipherType;
  readonly body: Uint8Array;
}

/** libsignal's message type of a PreKeySignalMessage. */
const PRE_KEY_MESSAGE = 3;
/** Tag bytes of SessionStructure fields in a serialised record: current session, previous sessions. */
const CURRENT_SESSION = 0x0a;
const PREVIOUS_SESSION = 0x12;

/**
 * Encrypts and decrypts for one phone. There is one session for each device of a person, whichever
 * address it was reached by: clients move their sessions from the number to the hidden id.
 *
 * Not safe for concurrent use: a phone does one thing at a time. A cipher object keeps its own copy
 * of the session, so each call makes a new one.
 */
export class Ciphers {
  private readonly store: SignalStore;

  constructor(store: SignalStore) {
    this.store = store;
  }

  knows(device: Device): boolean {
    return this.store.sessions.has(addressOf(device).toString());
  }

  /** Starts a session; an older one stays readable. Throws if the bundle's signature is wrong. */
  async start(device: Device, bundle: KeyBundle): Promise<void> {
    const address = addressOf(device);
    this.archive(address.toString());
    const { registrationId, identity, signed, oneTime } = bundle;
    await new SessionBuilder(this.store, address).processPreKeyBundle({
      registrationId,
      identityKey: withType(identity),
      signedPreKey: { keyId: signed.id, publicKey: withType(signed.publicKey), signature: signed.signature },
      preKey: oneTime === undefined ? undefined : { keyId: oneTime.id, publicKey: withType(oneTime.publicKey) },
    });
  }

  async encrypt(device: Device, plaintext: Uint8Array): Promise<Sealed> {
    const { type, body } = await new SessionCipher(this.store, addressOf(device)).encrypt(plaintext);
    return { type: type === PRE_KEY_MESSAGE ? 'pkmsg' : 'msg', body };
  }

  async decrypt(device: Device, { type, body }: Sealed): Promise<Uint8Array> {
    const cipher = new SessionCipher(this.store, addressOf(device));
    return type === 'pkmsg' ? cipher.decryptPreKeyWhisperMessage(body) : cipher.decryptWhisperMessage(body);
  }

  /** The key of this phone for a group, made when there is none; others need it to read. */
  async distribution(group: string, own: Device): Promise<Uint8Array> {
    const message = await new GroupSessionBuilder(this.store).create(new SenderKeyName(group, addressOf(own)));
    return message.serialize();
  }

  async learn(group: string, sender: Device, distribution: Uint8Array): Promise<void> {
    const message = SenderKeyDistributionMessage.deserialize(distribution);
    await new GroupSessionBuilder(this.store).process(new SenderKeyName(group, addressOf(sender)), message);
  }

  async encryptToGroup(group: string, own: Device, plaintext: Uint8Array): Promise<Uint8Array> {
    return new GroupCipher(this.store, group, addressOf(own)).encrypt(plaintext);
  }

  async decryptFromGroup(group: string, sender: Device, body: Uint8Array): Promise<Uint8Array> {
    return new GroupCipher(this.store, group, addressOf(sender)).decrypt(body);
  }

  /** A builder leaves an open session as it is, so the open one is first moved to the older ones. */
  private archive(address: string): void {
    const record = this.store.sessions.get(address);
    if (record?.[0] !== CURRENT_SESSION) return;
    const archived = Uint8Array.from(record);
    archived[0] = PREVIOUS_SESSION;
    this.store.sessions.set(address, archived);
  }
}

function addressOf(device: Device): ProtocolAddress {
  return new ProtocolAddress(device.account.person.lid, device.id);
}

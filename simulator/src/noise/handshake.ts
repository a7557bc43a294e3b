import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Authority } from './authority.ts';
import { agree, freshKeyPair } from './curve.ts';
import type { KeyPair } from './curve.ts';
import { SymmetricState } from './symmetric-state.ts';
import type { Transport } from './symmetric-state.ts';

/** Protocol name as Noise hashes it: exactly 32 bytes with its padding. */
const PATTERN = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0', 'latin1');
const KEY_BYTES = 32;

/** The handshake broke off; the connection must be closed. */
export class HandshakeFailure extends Error {
  override readonly name = 'HandshakeFailure';
}

/** What a finished handshake leaves behind. */
export interface Secured {
  readonly transport: Transport;
  /** The client's Noise static key: it is how a linked device authenticates; 32 bytes. */
  readonly clientKey: Uint8Array;
  /** ClientPayload protobuf. */
  readonly payload: Uint8Array;
}

/** The server's side of Noise XX: first `hello`, then `finish`. */
export class Handshake {
  private readonly authority: Authority;
  private readonly ephemeral: KeyPair = freshKeyPair();
  private readonly state: SymmetricState;

  /** `prologue` is the four header bytes the client opened the stream with. */
  constructor(authority: Authority, prologue: Uint8Array) {
    this.authority = authority;
    this.state = new SymmetricState(PATTERN, prologue);
  }

  /** Takes the ClientHello frame and returns the ServerHello frame. */
  hello(frame: Uint8Array): Uint8Array {
    const theirs = decode(frame).clientHello?.ephemeral;
    const clientEphemeral = requireKey(theirs, 'ClientHello.ephemeral');
    this.state.authenticate(clientEphemeral);
    this.state.authenticate(this.ephemeral.publicKey);
    this.state.mixKey(agree(this.ephemeral, clientEphemeral));
    const encryptedStatic = this.state.encrypt(this.authority.serverKey.publicKey);
    this.state.mixKey(agree(this.authority.serverKey, clientEphemeral));
    const payload = this.state.encrypt(this.authority.chain);
    const serverHello = { ephemeral: this.ephemeral.publicKey, static: encryptedStatic, payload };
    return proto.HandshakeMessage.encode({ serverHello }).finish();
  }

  /** Takes the ClientFinish frame; the transport is in force from the next byte on. */
  finish(frame: Uint8Array): Secured {
    const message = decode(frame).clientFinish;
    if (message?.static == null || message.payload == null) {
      throw new HandshakeFailure('expected ClientFinish with static and payload');
    }
    const clientKey = requireKey(this.open(message.static), 'ClientFinish.static');
    this.state.mixKey(agree(this.ephemeral, clientKey));
    const payload = this.open(message.payload);
    return { clientKey, payload, transport: this.state.split() };
  }

  private open(ciphertext: Uint8Array): Uint8Array {
    try {
      return this.state.decrypt(ciphertext);
    } catch (error) {
      throw new HandshakeFailure('ClientFinish does not decrypt: the client derived other keys', { cause: error });
    }
  }
}

function decode(frame: Uint8Array): proto.HandshakeMessage {
  try {
    return proto.HandshakeMessage.decode(frame);
  } catch (error) {
    throw new HandshakeFailure('expected a HandshakeMessage protobuf', { cause: error });
  }
}

function requireKey(bytes: Uint8Array | null | undefined, name: string): Uint8Array {
  if (bytes?.length !== KEY_BYTES) {
    throw new HandshakeFailure(`${name} must be ${KEY_BYTES} bytes, got ${bytes?.length ?? 0}`);
  }
  return bytes;
}

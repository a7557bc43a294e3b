import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';

const TAG_BYTES = 16;
const EMPTY = new Uint8Array(0);

/** Encrypts what the server writes and decrypts what the client wrote, one counter a direction. */
export interface Transport {
  encrypt(plaintext: Uint8Array): Uint8Array;
  /** Throws if the frame was not written by the peer, or not in this order. */
  decrypt(ciphertext: Uint8Array): Uint8Array;
}

/** The hash and the cipher that a Noise handshake carries along (Noise specification, section 5.2). */
export class SymmetricState {
  private hash: Uint8Array;
  private chainingKey: Uint8Array;
  private cipher: CipherState;

  constructor(protocol: Uint8Array, prologue: Uint8Array) {
    this.hash = protocol;
    this.chainingKey = protocol;
    this.cipher = new CipherState(protocol);
    this.authenticate(prologue);
  }

  authenticate(data: Uint8Array): void {
    this.hash = createHash('sha256').update(this.hash).update(data).digest();
  }

  mixKey(secret: Uint8Array): void {
    const [chainingKey, key] = expand(secret, this.chainingKey);
    this.chainingKey = chainingKey;
    this.cipher = new CipherState(key);
  }

  encrypt(plaintext: Uint8Array): Uint8Array {
    const ciphertext = this.cipher.encrypt(plaintext, this.hash);
    this.authenticate(ciphertext);
    return ciphertext;
  }

  decrypt(ciphertext: Uint8Array): Uint8Array {
    const plaintext = this.cipher.decrypt(ciphertext, this.hash);
    this.authenticate(ciphertext);
    return plaintext;
  }

  /** The keys after the handshake: the first half is what the client writes with. */
  split(): Transport {
    const [clientKey, serverKey] = expand(EMPTY, this.chainingKey);
    const reading = new CipherState(clientKey);
    const writing = new CipherState(serverKey);
    return {
      encrypt: (plaintext) => writing.encrypt(plaintext, EMPTY),
      decrypt: (ciphertext) => reading.decrypt(ciphertext, EMPTY),
    };
  }
}

function expand(secret: Uint8Array, salt: Uint8Array): [Uint8Array, Uint8Array] {
  const both = new Uint8Array(hkdfSync('sha256', secret, salt, EMPTY, 64));
  return [both.slice(0, 32), both.slice(32)];
}

/** AES-256-GCM whose nonce is eight zero bytes and a 32-bit big-endian counter. */
class CipherState {
  private readonly key: Uint8Array;
  private counter = 0;

  constructor(key: Uint8Array) {
    this.key = key;
  }

  encrypt(plaintext: Uint8Array, associated: Uint8Array): Uint8Array {
    const cipher = createCipheriv('aes-256-gcm', this.key, this.nextNonce()).setAAD(associated);
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  }

  decrypt(ciphertext: Uint8Array, associated: Uint8Array): Uint8Array {
    if (ciphertext.length < TAG_BYTES) throw new RangeError(`a ciphertext has at least ${TAG_BYTES} bytes, got ${ciphertext.length}`);
    const split = ciphertext.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.key, this.nextNonce())
      .setAAD(associated)
      .setAuthTag(ciphertext.subarray(split));
    return Buffer.concat([decipher.update(ciphertext.subarray(0, split)), decipher.final()]);
  }

  private nextNonce(): Uint8Array {
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32BE(this.counter, 8);
    this.counter += 1;
    return nonce;
  }
}

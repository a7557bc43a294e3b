import { createPrivateKey, createPublicKey } from 'node:crypto';
import { calculateAgreement, calculateSignature, generateKeyPair as generate, verifySignature } from 'whatsapp-rust-bridge';

/** The type byte that Signal puts before a Curve25519 public key. */
export const DJB_TYPE = 5;

/** A Curve25519 key pair; both halves are 32 raw bytes, without the type byte. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** PKCS#8 header of an X25519 private key; the 32 bytes follow (RFC 8410). */
const PKCS8_HEADER = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** A key pair from 32 bytes, clamped as X25519 asks. */
export function keyPairFrom(bytes: Uint8Array): KeyPair {
  const privateKey = Uint8Array.from(bytes);
  privateKey[0] = (privateKey[0] ?? 0) & 248;
  privateKey[31] = ((privateKey[31] ?? 0) & 127) | 64;
  // whatsapp-rust-bridge 0.5.5 getPublicFromPrivateKey gives another key than the one it generated with.
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEADER, privateKey]), format: 'der', type: 'pkcs8' });
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
  return { privateKey, publicKey };
}

/** A random key pair. */
export function freshKeyPair(): KeyPair {
  const { pubKey, privKey } = generate();
  return { publicKey: withoutType(pubKey), privateKey: privKey };
}

/** X25519; 32 bytes. */
export function agree(own: KeyPair, theirs: Uint8Array): Uint8Array {
  return calculateAgreement(withType(theirs), own.privateKey);
}

/** XEdDSA over the message; 64 bytes. */
export function sign(own: KeyPair, message: Uint8Array): Uint8Array {
  return calculateSignature(own.privateKey, message);
}

/** Whether a signature of `sign` is of this key over this message. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && publicKey.length === 32 && verifySignature(withType(publicKey), message, signature);
}

/** The 33-byte form that Signal messages and bundles carry. */
export function withType(publicKey: Uint8Array): Uint8Array {
  return Uint8Array.from([DJB_TYPE, ...publicKey]);
}

/** The 32 raw bytes of either form. */
export function withoutType(publicKey: Uint8Array): Uint8Array {
  return publicKey.length === 33 ? publicKey.slice(1) : publicKey;
}

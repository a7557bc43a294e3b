import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { KeyPair } from './curve.ts';
import { keyPairFrom, sign } from './curve.ts';
import { derive } from './derive.ts';

/** Serial of the intermediate certificate, which the leaf names as its issuer. */
const INTERMEDIATE_SERIAL = 1;
/** Clients compare with their own clock: 2020-01-01 to 2100-01-01, epoch seconds. */
const VALID = { notBefore: 1_577_836_800, notAfter: 4_102_444_800 };

/** What the server proves itself with in the Noise handshake. */
export interface Authority {
  /** Public half of the root key, which clients are told to trust; 32 bytes. */
  readonly root: Uint8Array;
  /** The server's Noise static key. */
  readonly serverKey: KeyPair;
  /** CertChain protobuf: intermediate signed by the root, leaf over the server key. */
  readonly chain: Uint8Array;
}

/**
 * Builds the certificate chain of a seed.
 *
 * `issuerSerial` 0 must stand in the bytes: Baileys' protobuf default is not 0
 * (Utils/noise-handler.js), and whatsmeow checks every field and date (handshake.go: verifyServerCert).
 */
export function createAuthority(seed: number): Authority {
  const root = keyPairFrom(derive(seed, 'noise root', 32));
  const intermediate = keyPairFrom(derive(seed, 'noise intermediate', 32));
  const serverKey = keyPairFrom(derive(seed, 'noise server', 32));
  const chain = proto.CertChain.encode({
    intermediate: certificate(root, { serial: INTERMEDIATE_SERIAL, issuerSerial: 0, key: intermediate.publicKey }),
    leaf: certificate(intermediate, { serial: 2, issuerSerial: INTERMEDIATE_SERIAL, key: serverKey.publicKey }),
  }).finish();
  return { root: root.publicKey, serverKey, chain };
}

function certificate(issuer: KeyPair, fields: { serial: number; issuerSerial: number; key: Uint8Array }) {
  const details = proto.CertChain.NoiseCertificate.Details.encode({ ...fields, ...VALID }).finish();
  return { details, signature: sign(issuer, details) };
}

import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Device } from '../exchange/device.ts';
import { LinkFailure } from '../exchange/registration.ts';
import type { Registration } from '../exchange/registration.ts';
import { agree, freshKeyPair } from '../noise/curve.ts';
import type { KeyPair } from '../noise/curve.ts';
import type { Handset } from './handset.ts';
import { link } from './linking.ts';

const derive = promisify(pbkdf2);
/** As slow as clients make it, so that eight characters cannot be guessed (whatsmeow pair-code.go). */
const ITERATIONS = 131_072;
/** A wrapped key: 32 bytes salt, 16 bytes counter, 32 bytes ciphertext. */
const WRAPPED = { salt: 32, counter: 16, total: 80 } as const;
/** A key bundle: 32 bytes salt, 12 bytes nonce, then ciphertext and tag over three times 32 bytes. */
const BUNDLE = { salt: 32, nonce: 12, tag: 16, total: 32 + 12 + 96 + 16 } as const;

/**
 * Links the client that shows this code (eight characters, the dash does not matter).
 * Throws a LinkFailure where no client of this account waits for a code, or shows another one.
 */
export async function linkByCode(handset: Handset, code: string): Promise<Device> {
  const characters = code.replaceAll('-', '').trim().toUpperCase();
  if (!/^[0-9A-Z]{8}$/.test(characters)) throw new LinkFailure(`expected a code like ABCD-EFGH, got "${code}"`);
  const registration = handset.exchange.registrations.byAccount(handset.account.pn);
  const hello = registration.codeHello;
  if (hello === undefined) throw new LinkFailure('the client does not show a code');
  const theirs = await unwrapKey(hello.wrappedEphemeral, characters);
  const own = freshKeyPair();
  const bundle = await registration.askForBundle(handset.exchange.newId(), {
    wrappedEphemeral: await wrapKey(own.publicKey, characters),
    identity: handset.account.identity.publicKey,
  });
  const shared = agree(own, theirs);
  const random = openBundle(handset, { registration, bundle, shared });
  return link(handset, registration, advSecretOf({ shared, random, identities: agree(handset.account.identity, registration.applicant.identity) }));
}

async function wrapKey(publicKey: KeyPair['publicKey'], code: string): Promise<Uint8Array> {
  const [salt, counter] = [randomBytes(WRAPPED.salt), randomBytes(WRAPPED.counter)];
  const key = await derive(code, salt, ITERATIONS, 32, 'sha256');
  return Buffer.concat([salt, counter, createCipheriv('aes-256-ctr', key, counter).update(publicKey)]);
}

/** With a wrong code this gives some other key; that shows when the bundle does not open. */
async function unwrapKey(wrapped: Uint8Array, code: string): Promise<Uint8Array> {
  if (wrapped.length !== WRAPPED.total) throw new LinkFailure(`expected a wrapped key of ${WRAPPED.total} bytes, got ${wrapped.length}`);
  const keyAt = WRAPPED.salt + WRAPPED.counter;
  const key = await derive(code, wrapped.subarray(0, WRAPPED.salt), ITERATIONS, 32, 'sha256');
  return createDecipheriv('aes-256-ctr', key, wrapped.subarray(WRAPPED.salt, keyAt)).update(wrapped.subarray(keyAt));
}

/** The client's random part of the secret, once the bundle has proved that it used the same code and keys. */
function openBundle(handset: Handset, parts: { registration: Registration; bundle: Uint8Array; shared: Uint8Array }): Uint8Array {
  const { registration, bundle, shared } = parts;
  if (bundle.length !== BUNDLE.total) throw new LinkFailure(`expected a key bundle of ${BUNDLE.total} bytes, got ${bundle.length}`);
  const plain = Buffer.from(decryptBundle(bundle, shared));
  const identities = Buffer.concat([registration.applicant.identity, handset.account.identity.publicKey]);
  if (!plain.subarray(0, identities.length).equals(identities)) throw new LinkFailure('the key bundle names other identities');
  return plain.subarray(identities.length);
}

function decryptBundle(bundle: Uint8Array, shared: Uint8Array): Uint8Array {
  const nonceAt = BUNDLE.salt;
  const key = hkdf(shared, 'link_code_pairing_key_bundle_encryption_key', bundle.subarray(0, nonceAt));
  const sealedAt = nonceAt + BUNDLE.nonce;
  const tagAt = bundle.length - BUNDLE.tag;
  const decipher = createDecipheriv('aes-256-gcm', key, bundle.subarray(nonceAt, sealedAt)).setAuthTag(bundle.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(bundle.subarray(sealedAt, tagAt)), decipher.final()]);
  } catch (error) {
    throw new LinkFailure('wrong code: it is not the one the client shows', { cause: error });
  }
}

function advSecretOf(parts: { shared: Uint8Array; identities: Uint8Array; random: Uint8Array }): Uint8Array {
  return hkdf(Buffer.concat([parts.shared, parts.identities, parts.random]), 'adv_secret', new Uint8Array(0));
}

function hkdf(secret: Uint8Array, info: string, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, 32));
}

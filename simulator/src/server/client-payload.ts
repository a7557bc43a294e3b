import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Applicant } from '../exchange/registration.ts';

/** What a client wants after the handshake: to be linked, or to log in as a device. */
export type ClientIntent =
  | { readonly kind: 'register'; readonly applicant: Applicant }
  | { readonly kind: 'login'; readonly user: string; readonly device: number; readonly passive: boolean };

/** The ClientPayload is not one a client would send; the login is refused. */
export class BadClientPayload extends Error {
  override readonly name = 'BadClientPayload';
}

/** Reads the ClientPayload of a connection whose Noise key is `noiseKey`. Throws BadClientPayload. */
export function parseClientPayload(bytes: Uint8Array, noiseKey: Uint8Array): ClientIntent {
  const payload = decodePayload(bytes);
  const pairing = payload.devicePairingData;
  if (pairing == null) {
    const user = String(payload.username ?? '');
    if (!/^[1-9]\d{4,19}$/.test(user)) throw new BadClientPayload(`expected devicePairingData or a username, got username "${user}"`);
    return { kind: 'login', user, device: payload.device ?? 0, passive: payload.passive ?? false };
  }
  const props = proto.DeviceProps.decode(pairing.deviceProps ?? new Uint8Array(0));
  const applicant: Applicant = {
    noiseKey,
    identity: exactly(pairing.eIdent, 32, 'eIdent'),
    registrationId: toInteger(exactly(pairing.eRegid, 4, 'eRegid')),
    signed: {
      id: toInteger(exactly(pairing.eSkeyId, 3, 'eSkeyId')),
      publicKey: exactly(pairing.eSkeyVal, 32, 'eSkeyVal'),
      signature: exactly(pairing.eSkeySig, 64, 'eSkeySig'),
    },
    platform: props.os ?? '',
    wantsFullHistory: props.requireFullSync ?? false,
  };
  return { kind: 'register', applicant };
}

function decodePayload(bytes: Uint8Array): proto.ClientPayload {
  try {
    return proto.ClientPayload.decode(bytes);
  } catch (error) {
    throw new BadClientPayload('expected a ClientPayload protobuf', { cause: error });
  }
}

function exactly(bytes: Uint8Array | null | undefined, length: number, name: string): Uint8Array {
  if (bytes?.length !== length) {
    throw new BadClientPayload(`devicePairingData.${name} must be ${length} bytes, got ${bytes?.length ?? 0}`);
  }
  return bytes;
}

/** Big-endian, as all ids in key material are. */
export function toInteger(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

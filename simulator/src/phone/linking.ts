import { createHmac } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { seconds } from '../exchange/clock.ts';
import { announceDevice } from '../exchange/device-lists.ts';
import type { CompanionRecord } from '../exchange/device.ts';
import { Device } from '../exchange/device.ts';
import { PreKeyPool } from '../exchange/pre-keys.ts';
import { LinkFailure } from '../exchange/registration.ts';
import type { Applicant, Registration } from '../exchange/registration.ts';
import { sign, verify } from '../noise/curve.ts';
import type { Handset } from './handset.ts';

/** What goes before the bytes that the account, and then the device, signs (whatsmeow pair.go). */
const ACCOUNT_SIGNATURE_PREFIX = Uint8Array.of(6, 0);
const DEVICE_SIGNATURE_PREFIX = Uint8Array.of(6, 1);
const { E2EE } = proto.ADVEncryptionType;

/** The parts of a QR code. */
export interface QrCode {
  readonly ref: string;
  readonly noiseKey: Uint8Array;
  readonly identity: Uint8Array;
  /** With this secret the phone proves to the client that it saw the code. */
  readonly advSecret: Uint8Array;
}

/** Reads the text of a QR code, with or without the link before the `#`. Throws a LinkFailure. */
export function parseQr(text: string): QrCode {
  const [ref, noiseKey, identity, advSecret] = text.slice(text.indexOf('#') + 1).split(',');
  const keys = [noiseKey, identity, advSecret].map((part) => Buffer.from(part ?? '', 'base64'));
  const [noise, ident, secret] = keys;
  if (ref === undefined || ref === '' || noise?.length !== 32 || ident?.length !== 32 || secret?.length !== 32) {
    throw new LinkFailure('expected a code "ref,noise key,identity key,secret" with keys of 32 bytes in base64');
  }
  return { ref, noiseKey: noise, identity: ident, advSecret: secret };
}

/** Links the client that shows this code to the phone's account. Throws a LinkFailure. */
export async function linkByQr(handset: Handset, text: string): Promise<Device> {
  const qr = parseQr(text);
  const registration = handset.exchange.registrations.byRef(qr.ref);
  if (Buffer.compare(registration.applicant.noiseKey, qr.noiseKey) !== 0) {
    throw new LinkFailure('the code names another connection key than the client that waits: it is an old code');
  }
  if (Buffer.compare(registration.applicant.identity, qr.identity) !== 0) {
    throw new LinkFailure('the code names another identity than the client registered with');
  }
  return link(handset, registration, qr.advSecret);
}

/** Signs the client's identity, has it countersigned, and adds the device to the account. */
export async function link(handset: Handset, registration: Registration, advSecret: Uint8Array): Promise<Device> {
  const { account, exchange } = handset;
  const { applicant } = registration;
  const id = account.nextDeviceId();
  const linkedAt = seconds(exchange.clock);
  const details = proto.ADVDeviceIdentity.encode({
    rawId: handset.store.registrationId,
    timestamp: linkedAt,
    keyIndex: id,
    accountType: E2EE,
    deviceType: E2EE,
  }).finish();
  const accountSignature = sign(account.identity, Buffer.concat([ACCOUNT_SIGNATURE_PREFIX, details, applicant.identity]));
  const signed = { details, accountSignature, accountSignatureKey: account.identity.publicKey };
  const identity = sealed(proto.ADVSignedDeviceIdentity.encode(signed).finish(), advSecret);
  const place = { pn: account.pn.at(id), lid: account.lid.at(id) };
  const countersigned = await registration.approve(exchange.newId(), { identity, ...place, at: linkedAt });
  checkCountersigned(handset, { applicant, details, countersigned });
  const { noiseKey, platform, wantsFullHistory } = applicant;
  const record = { noiseKey, platform, wantsFullHistory, signedIdentity: countersigned, keyIndex: id, linkedAt };
  const device = addDevice(handset, id, { applicant, record: { ...record, bootstrapped: false } });
  registration.restart();
  return device;
}

function addDevice(handset: Handset, id: number, { applicant, record }: { applicant: Applicant; record: CompanionRecord }): Device {
  const { account, exchange } = handset;
  const { registrationId, identity, signed } = applicant;
  const device = new Device(account, id, { keys: new PreKeyPool({ registrationId, identity, signed }), companion: record });
  account.attach(device);
  exchange.watch.emit('linked', { device });
  announceDevice(exchange, device, 'add');
  return device;
}

/** ADVSignedDeviceIdentityHMAC: only who showed the code can check it. */
function sealed(details: Uint8Array, advSecret: Uint8Array): Uint8Array {
  const hmac = createHmac('sha256', advSecret).update(details).digest();
  return proto.ADVSignedDeviceIdentityHMAC.encode({ details, hmac, accountType: E2EE }).finish();
}

function checkCountersigned(handset: Handset, parts: { applicant: Applicant; details: Uint8Array; countersigned: Uint8Array }): void {
  const { applicant, details, countersigned } = parts;
  const { deviceSignature } = proto.ADVSignedDeviceIdentity.decode(countersigned);
  const message = Buffer.concat([DEVICE_SIGNATURE_PREFIX, details, applicant.identity, handset.account.identity.publicKey]);
  if (deviceSignature == null || !verify(applicant.identity, message, deviceSignature)) {
    throw new LinkFailure('the client countersigned with another key than it registered with');
  }
}

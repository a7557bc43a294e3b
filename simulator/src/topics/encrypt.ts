import type { KeyBundle, PublicPreKey } from '../exchange/pre-keys.ts';
import { LOW_PRE_KEYS } from '../exchange/pre-keys.ts';
import type { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { DJB_TYPE } from '../noise/curve.ts';
import { SERVER_JID } from '../wire/jid.ts';
import { attr, bytesOf, child, children, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** Pre-keys: how devices publish their keys and get those of others. */
export const ENCRYPT_ROWS: readonly IqRow[] = [
  { xmlns: 'encrypt', type: 'get', tag: 'count', answer: ({ from }) => [node('count', { value: from.keys.count })] },
  { xmlns: 'encrypt', type: 'get', tag: 'digest', answer: digest },
  { xmlns: 'encrypt', type: 'get', tag: 'key', answer: fetchBundles },
  { xmlns: 'encrypt', type: 'set', tag: 'rotate', answer: rotate },
  { xmlns: 'encrypt', type: 'set', answer: upload },
];

function upload({ from, iq }: IqRequest): IqAnswer {
  const [registration, identity, signed] = [bytesOf(child(iq, 'registration')), bytesOf(child(iq, 'identity')), child(iq, 'skey')];
  if (registration.length !== 4 || identity.length !== 32 || signed === undefined) {
    throw new Refusal(400, 'expected registration (4 bytes), identity (32 bytes) and skey');
  }
  from.keys.registrationId = integer(registration);
  from.keys.identity = identity;
  from.keys.signed = readSigned(signed);
  from.keys.add(children(child(iq, 'list'), 'key').map(readKey));
  return [];
}

function rotate({ from, child: request }: IqRequest): IqAnswer {
  const signed = child(request, 'skey');
  if (signed === undefined) throw new Refusal(400, 'expected skey');
  from.keys.signed = readSigned(signed);
  return [];
}

function digest({ from }: IqRequest): IqAnswer {
  const { registrationId, identity, signed } = from.keys;
  const ids = from.keys.oneTimeKeys().map((key) => node('id', {}, bigEndian(key.id, 3)));
  return [node('digest', {}, [...identityNodes({ registrationId, identity }), signedNode(signed), node('list', {}, ids)])];
}

function fetchBundles({ exchange, child: request }: IqRequest): IqAnswer {
  const users = children(request, 'user').map((asked) => {
    const jid = jidAttr(asked, 'jid');
    const device = jid === undefined ? undefined : exchange.directory.device(jid);
    // The address is echoed exactly as asked: whatsmeow looks its answer up by it.
    const echo = { jid: asked.attrs['jid'] };
    if (device === undefined) return node('user', echo, [node('error', { code: 404, text: 'item-not-found' })]);
    const bundle = device.keys.take();
    warnWhenLow(exchange, device);
    return node('user', { ...echo, t: Math.floor(exchange.clock.now() / 1000) }, bundleNodes(bundle));
  });
  return [node('list', {}, users)];
}

/** Asks the device for more one-time keys, once, when the pool sinks below the mark. */
function warnWhenLow(exchange: Exchange, device: Device): void {
  if (device.keys.count !== LOW_PRE_KEYS - 1) return;
  const id = exchange.newId();
  device.deliver(node('notification', { from: SERVER_JID, type: 'encrypt', id }, [node('count', { value: device.keys.count })]));
}

/** The children of `<user>` in an answer, and of `<keys>` in a retry receipt. */
export function bundleNodes(bundle: KeyBundle): BinaryNode[] {
  const oneTime = bundle.oneTime === undefined ? [] : [node('key', {}, keyNodes(bundle.oneTime))];
  return [...identityNodes(bundle), signedNode(bundle.signed), ...oneTime];
}

function identityNodes({ registrationId, identity }: Pick<KeyBundle, 'registrationId' | 'identity'>): BinaryNode[] {
  return [
    node('registration', {}, bigEndian(registrationId, 4)),
    node('type', {}, Uint8Array.of(DJB_TYPE)),
    node('identity', {}, identity),
  ];
}

function signedNode(signed: KeyBundle['signed']): BinaryNode {
  return node('skey', {}, [...keyNodes(signed), node('signature', {}, signed.signature)]);
}

function keyNodes({ id, publicKey }: PublicPreKey): BinaryNode[] {
  return [node('id', {}, bigEndian(id, 3)), node('value', {}, publicKey)];
}

/** Reads the children of `<user>`; throws a Refusal where a part is missing or of another size. */
export function readBundle(user: BinaryNode): KeyBundle {
  const error = child(user, 'error');
  if (error !== undefined) throw new Refusal(Number(attr(error, 'code')), attr(error, 'text') ?? '');
  const [signed, oneTime] = [child(user, 'skey'), child(user, 'key')];
  if (signed === undefined) throw new Refusal(400, 'expected skey in a key bundle');
  return {
    registrationId: integer(bytesOf(child(user, 'registration'))),
    identity: bytesOf(child(user, 'identity')),
    signed: readSigned(signed),
    oneTime: oneTime === undefined ? undefined : readKey(oneTime),
  };
}

function readKey(key: BinaryNode): PublicPreKey {
  const publicKey = bytesOf(child(key, 'value'));
  if (publicKey.length !== 32) throw new Refusal(400, `a key has 32 bytes, got ${publicKey.length}`);
  return { id: integer(bytesOf(child(key, 'id'))), publicKey };
}

function readSigned(signed: BinaryNode): KeyBundle['signed'] {
  const signature = bytesOf(child(signed, 'signature'));
  if (signature.length !== 64) throw new Refusal(400, `a signature has 64 bytes, got ${signature.length}`);
  return { ...readKey(signed), signature };
}

function integer(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function bigEndian(value: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

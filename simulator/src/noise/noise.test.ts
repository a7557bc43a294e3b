import { createHash } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import fc from 'fast-check';
import { describe as suite, expect, test } from 'vitest';
import { createAuthority } from './authority.ts';
import { agree, freshKeyPair, keyPairFrom, sign, verify } from './curve.ts';
import { derive } from './derive.ts';
import { frame, FrameReader, MAX_FRAME_BYTES, STREAM_HEADER } from './frames.ts';
import { Handshake, HandshakeFailure } from './handshake.ts';

suite('keys', () => {
  test('the same seed and label give the same bytes, others give others', () => {
    expect(derive(7, 'a', 32)).toEqual(derive(7, 'a', 32));
    expect(derive(7, 'a', 32)).not.toEqual(derive(8, 'a', 32));
    expect(derive(7, 'a', 32)).not.toEqual(derive(7, 'b', 32));
  });

  test('both sides agree on one secret, from derived and from fresh keys', () => {
    const [one, two] = [keyPairFrom(derive(7, 'one', 32)), freshKeyPair()];
    expect(agree(one, two.publicKey)).toEqual(agree(two, one.publicKey));
  });

  test('a signature is of one key over one message', () => {
    const [one, two] = [keyPairFrom(derive(7, 'one', 32)), freshKeyPair()];
    const message = Buffer.from('details');
    const signature = sign(one, message);
    expect(verify(one.publicKey, message, signature)).toBe(true);
    expect(verify(two.publicKey, message, signature)).toBe(false);
    expect(verify(one.publicKey, Buffer.from('detailz'), signature)).toBe(false);
    expect(verify(one.publicKey, message, new Uint8Array(64))).toBe(false);
    expect(verify(one.publicKey, message, signature.subarray(1))).toBe(false);
  });
});

suite('the certificate chain', () => {
  const { Details } = proto.CertChain.NoiseCertificate;

  test('leads from the root to the key of the server, as whatsmeow checks it', () => {
    const authority = createAuthority(7);
    const { intermediate, leaf } = proto.CertChain.decode(authority.chain);
    const [upper, lower] = [Details.decode(intermediate?.details ?? new Uint8Array()), Details.decode(leaf?.details ?? new Uint8Array())];
    expect(verify(authority.root, intermediate?.details ?? new Uint8Array(), intermediate?.signature ?? new Uint8Array())).toBe(true);
    expect(verify(upper.key ?? new Uint8Array(), leaf?.details ?? new Uint8Array(), leaf?.signature ?? new Uint8Array())).toBe(true);
    expect(Buffer.from(lower.key ?? [])).toEqual(Buffer.from(authority.serverKey.publicKey));
    expect(lower.issuerSerial).toBe(upper.serial);
    // Explicit, because the default of Baileys' protobuf is another.
    expect(Object.hasOwn(upper, 'issuerSerial')).toBe(true);
    expect(upper.issuerSerial).toBe(0);
  });

  test('the root depends on the seed only', () => {
    expect(createAuthority(7).root).toEqual(createAuthority(7).root);
    expect(createAuthority(7).root).not.toEqual(createAuthority(8).root);
  });
});

suite('frames', () => {
  test('however a stream is cut, the same frames come out', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });
    fc.assert(
      fc.property(payloads, fc.integer({ min: 1, max: 50 }), (given, size) => {
        const stream = Buffer.concat([STREAM_HEADER, ...given.map(frame)]);
        const reader = new FrameReader();
        const got: Uint8Array[] = [];
        for (let at = 0; at < stream.length; at += size) got.push(...reader.push(stream.subarray(at, at + size)));
        expect(got.map((each) => Buffer.from(each).toString('hex'))).toEqual(given.map((each) => Buffer.from(each).toString('hex')));
      }),
    );
  });

  test('another protocol is refused by its first bytes', () => {
    expect(() => new FrameReader().push(Buffer.from('GET / HTTP/1.1'))).toThrow('expected the stream header 57410603');
  });

  test('what is too long for three length bytes is refused', () => {
    expect(() => frame(new Uint8Array(MAX_FRAME_BYTES + 1))).toThrow('send it as media');
  });
});

suite('the handshake', () => {
  const authority = createAuthority(7);

  test.each([
    ['no protobuf', Buffer.from([255, 255, 255]), 'HandshakeMessage'],
    ['no ephemeral key', proto.HandshakeMessage.encode({ clientHello: {} }).finish(), 'must be 32 bytes, got 0'],
    ['a short key', proto.HandshakeMessage.encode({ clientHello: { ephemeral: new Uint8Array(31) } }).finish(), 'got 31'],
  ])('a hello with %s is a named failure', (_name, bytes, message) => {
    expect(() => new Handshake(authority, STREAM_HEADER).hello(bytes)).toThrow(HandshakeFailure);
    expect(() => new Handshake(authority, STREAM_HEADER).hello(bytes)).toThrow(message);
  });

  test('a finish that does not decrypt is a named failure', () => {
    const handshake = new Handshake(authority, STREAM_HEADER);
    handshake.hello(proto.HandshakeMessage.encode({ clientHello: { ephemeral: freshKeyPair().publicKey } }).finish());
    const wrong = createHash('sha256').digest();
    const finish = proto.HandshakeMessage.encode({ clientFinish: { static: wrong, payload: wrong } }).finish();
    expect(() => handshake.finish(finish)).toThrow('does not decrypt');
  });
});

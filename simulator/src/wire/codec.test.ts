import { deflateSync } from 'node:zlib';
import { decodeBinaryNode, encodeBinaryNode } from '@whiskeysockets/baileys/lib/WABinary/index.js';
import fc from 'fast-check';
import { describe as suite, expect, test } from 'vitest';
import { decodeFrame, decodeNode, MalformedStanza } from './decoder.ts';
import { encodeNode } from './encoder.ts';
import { Jid, SERVER_JID, SERVERS } from './jid.ts';
import { node } from './node.ts';
import type { BinaryNode } from './node.ts';

const name = fc.stringMatching(/^[a-z][a-z_-]{0,12}$/);
const jid = fc
  .tuple(fc.stringMatching(/^\d{1,18}$/), fc.constantFrom(SERVERS.user, SERVERS.lid, SERVERS.hosted, SERVERS.hostedLid), fc.nat(255))
  .map(([user, server, device]) => new Jid(user, server, device));
const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9A-F.-]{1,140}$/), fc.constantFrom('receipt', 'read-self', 'participants', ''));
const attrs = fc.dictionary(name, fc.oneof(text, jid), { maxKeys: 5 });
const { tree } = fc.letrec<{ tree: BinaryNode }>((tie) => ({
  tree: fc.record({
    tag: name,
    attrs,
    content: fc.oneof(
      { depthSize: 'small' },
      fc.constant(undefined),
      fc.uint8Array({ maxLength: 400 }),
      fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    ),
  }),
}));

/** The same with buffers as plain arrays, so that equal bytes are equal. */
function plain({ tag, attrs: given, content }: BinaryNode): unknown {
  const inner = content instanceof Uint8Array ? Buffer.from(content).toString('hex') : content?.map(plain);
  return { tag, attrs: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, value.toString()])), inner };
}

suite('the binary format', () => {
  test('every node comes back as it was', () => {
    fc.assert(
      fc.property(tree, (given) => {
        expect(plain(decodeNode(encodeNode(given)))).toEqual(plain(given));
      }),
    );
  });

  test('addresses stay addresses, and texts with an @ stay texts', () => {
    const given = node('x', { from: Jid.parse('1555:3@lid'), to: SERVER_JID, subject: 'me@home', group: Jid.parse('12-34@g.us') });
    const { attrs: got } = decodeNode(encodeNode(given));
    expect(got).toEqual(given.attrs);
    expect(got['from']).toBeInstanceOf(Jid);
    expect(got['subject']).toBe('me@home');
  });

  test('Baileys reads what we write, and we read what Baileys writes', async () => {
    const given = node('iq', { id: '12.34-5', from: SERVER_JID, to: Jid.parse('15550100:7@s.whatsapp.net'), type: 'result' }, [
      node('list', {}, [node('user', { jid: Jid.parse('77:2@lid') }, Buffer.alloc(70_000, 7)), node('hex', { id: 'ABCDEF0' })]),
    ]);
    const byBaileys = await decodeBinaryNode(Buffer.concat([Uint8Array.of(0), encodeNode(given)]));
    expect(byBaileys.attrs).toEqual({ id: '12.34-5', from: '@s.whatsapp.net', to: '15550100:7@s.whatsapp.net', type: 'result' });
    expect(plain(decodeFrame(encodeBinaryNode(byBaileys)))).toEqual(plain(given));
  });

  test('names with an @, which Baileys writes as addresses, come out as text', () => {
    const { attrs: got } = decodeFrame(encodeBinaryNode({ tag: 'presence', attrs: { name: 'Bob @ home' } }));
    expect(got).toEqual({ name: 'Bob @ home' });
  });

  test('compressed frames are inflated', () => {
    const given = node('message', { id: 'a' }, Buffer.alloc(5_000, 1));
    const frame = Buffer.concat([Uint8Array.of(2), deflateSync(encodeNode(given))]);
    expect(plain(decodeFrame(frame))).toEqual(plain(given));
  });

  test('14 MB of content take less than half a second', () => {
    const given = node('enc', {}, Buffer.alloc(14 << 20, 3));
    const before = performance.now();
    expect(encodeNode(given).length).toBeGreaterThan(14 << 20);
    expect(performance.now() - before).toBeLessThan(500);
  });

  test('whatever bytes come, they are a node or a MalformedStanza', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeFrame(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedStanza);
        }
      }),
    );
  });

  test('nodes nested without end are refused before the stack is', () => {
    const nested = Buffer.concat(Array.from({ length: 10_000 }, () => Uint8Array.of(248, 2, 3, 248, 1)));
    expect(() => decodeNode(nested)).toThrow('nested deeper');
  });
});

suite('a JID', () => {
  test.each([
    ['15550100@s.whatsapp.net', '15550100', SERVERS.user, 0],
    ['15550100:12@s.whatsapp.net', '15550100', SERVERS.user, 12],
    ['@s.whatsapp.net', '', SERVERS.user, 0],
    ['status@broadcast', 'status', SERVERS.broadcast, 0],
    ['123-456@g.us', '123-456', SERVERS.group, 0],
  ])('%s', (written, user, server, device) => {
    expect(Jid.parse(written)).toMatchObject({ user, server, device });
    expect(Jid.parse(written).toString()).toBe(written);
  });

  test.each(['', 'nobody', 'a@b@c', '1:256@lid', '1:x@lid', 'a@B'])('%j is none', (written) => {
    expect(Jid.tryParse(written)).toBeUndefined();
    expect(() => Jid.parse(written)).toThrow('is not a JID');
  });
});

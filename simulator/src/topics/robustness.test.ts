import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedWorld, startSimulator } from '../index.ts';
import type { Simulator } from '../index.ts';
import { Jid } from '../wire/jid.ts';
import { attr, node } from '../wire/node.ts';
import type { Attribute, BinaryNode } from '../wire/node.ts';
import { IQ_ROWS } from './table.ts';

let sim: Simulator;

beforeAll(async () => {
  sim = await startSimulator({ world: namedWorld('empty', { people: 6, groups: 3, communities: 1, newsletters: 2 }) });
});

afterAll(() => sim.close());

const tags = [...new Set(IQ_ROWS.flatMap(({ tag }) => tag ?? [])), 'participant', 'group', 'item', 'user', 'body', 'list', 'category', 'token', 'product', 'id', 'link', 'approve', 'collection', 'add_request', 'nonsense'];
const names = ['jid', 'id', 'code', 'action', 'type', 'name', 'value', 'query_id', 'count', 'before', 'after', 'duration', 'expiration', 'subject', 'state', 'limit', 'biz_jid', 'prev', 'delete', 'linked_groups', 'version', 'invite'];
/** Tags inside `<call>` and values of attributes that mean something. */
const words = ['block', 'unblock', 'revoke', 'get', 'on', 'off', 'all', 'none', 'last', 'contacts', '0', '-1', '86400', '99999999999999999999', 'NaN', '', 'true', '6563316087068696', '8823471724422422', '24404358912487870'];

/** Addresses of the world, and some that nobody has. */
function addresses(): Attribute[] {
  const { people, groups, newsletters } = sim.world;
  const known = [...[...people.values()].flatMap(({ pn, lid }) => [`${pn}@s.whatsapp.net`, `${lid}@lid`]), ...groups.keys(), ...newsletters.keys()];
  return [...known, '1@s.whatsapp.net', '@g.us', '@s.whatsapp.net', 'status@broadcast', '120363000000000000@g.us', '1:99@lid'].map((text) => Jid.parse(text));
}

/** Trees of the words above: requests that a client could have sent, and many that none would. */
function anyNode(): fc.Arbitrary<BinaryNode> {
  const value = fc.oneof(fc.constantFrom<Attribute>(...words), fc.constantFrom(...addresses()), fc.string({ maxLength: 12 }));
  const attrs = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 5 });
  const variables = fc.record({ variables: fc.record({ newsletter_id: fc.constantFrom(...sim.world.newsletters.keys(), 'none'), input: fc.record({ key: fc.string(), type: fc.string(), name: fc.string() }) }) });
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...words).map((word) => Buffer.from(word)), variables.map((body) => Buffer.from(JSON.stringify(body))));
  const { tree } = fc.letrec<{ tree: BinaryNode }>((tie) => ({
    tree: fc.record({
      tag: fc.constantFrom(...tags),
      attrs,
      content: fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.constant(undefined), bytes, fc.array(tie('tree'), { maxLength: 3 })),
    }),
  }));
  return tree;
}

test('no request of a client brings the server down, and each is answered', () => {
  const rows = fc.constantFrom(...IQ_ROWS.filter(({ xmlns, tag }) => !(xmlns === 'md' && tag === 'remove-companion-device')));
  const from = sim.exchange.directory.accountOf(sim.world.owner.id).phone;
  const request = fc.record({ row: rows, content: anyNode(), to: fc.constantFrom(...addresses()), target: fc.option(fc.constantFrom(...addresses()), { nil: undefined }) });
  fc.assert(
    fc.property(request, ({ row, content, to, target }) => {
      const { xmlns, type, tag } = row;
      const iq = node('iq', { id: '1', to, target, xmlns, type }, [{ ...content, tag: tag ?? content.tag }]);
      expect(['result', 'error']).toContain(attr(sim.exchange.submit(from, iq), 'type'));
    }),
    { numRuns: 10_000 },
  );
}, 60_000);

test('no message, receipt, call, presence or typing notice of a client brings the server down', () => {
  const from = sim.exchange.directory.accountOf(sim.world.owner.id).phone;
  const stanza = fc.record({ tag: fc.constantFrom('message', 'receipt', 'call', 'presence', 'chatstate', 'ack'), content: anyNode(), to: fc.constantFrom(...addresses()), type: fc.constantFrom('text', 'reaction', 'view', 'read', 'subscribe', 'available') });
  fc.assert(
    fc.property(stanza, ({ tag, content, to, type }) => {
      sim.exchange.submit(from, node(tag, { id: '1', to, type, server_id: '100' }, [content, node('plaintext', {}, Uint8Array.of(255, 255, 1)), node('list', {}, [content])]));
    }),
    { numRuns: 10_000 },
  );
}, 60_000);

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJid, formsOf, homeRegion, resolveChat, resolveStored } from './identity.ts';
import { bestName, namesOf } from './names.ts';
import { readsOf } from './reads.ts';
import { SampleStore } from './testing/sample-store.ts';

const ANNA = '4915100000001@s.whatsapp.net';
const ANNA_LID = '111222333444@lid';
const BEN = '5511987654321@s.whatsapp.net';
const HIDDEN = '999888777666@lid';
const GROUP = '120363000000000001@g.us';

let store: SampleStore;
const reads = (visible?: ReadonlySet<string>) => readsOf(store.database, visible);

beforeEach(() => {
  store = new SampleStore();
  store.insert('meta', { k: 'own_pn', v: '4915199999999@s.whatsapp.net' });
  store.chat(ANNA, { lid_jid: ANNA_LID });
  store.contact(ANNA, { full_name: 'Anna Schmidt', push_name: 'Anni 🌻' }, { lid_jid: ANNA_LID });
  store.insert('jid_aliases', { alias: ANNA_LID, jid: ANNA });
  store.contact(BEN, { push_name: 'Ben' });
  store.chat(HIDDEN);
  store.chat(GROUP, { name: 'Anna & Ben planen' });
});
afterEach(() => store[Symbol.dispose]());

describe('resolveChat', () => {
  test.each([
    [ANNA, ANNA],
    [ANNA_LID, ANNA],
    ['111222333444:5@lid', ANNA],
    ['+49 151 00000001', ANNA],
    ['0151 00000001', ANNA],
    ['https://wa.me/4915100000001', ANNA],
    ['Anna Schmidt', ANNA],
    ['ANNA SCHMIDT', ANNA],
    ['anni', ANNA],
    ['schmidt', ANNA],
    ['+55 11 8765-4321', BEN],
    [GROUP, GROUP],
    ['anna & ben planen', GROUP],
  ])('%s is %s', (text, jid) => {
    expect(resolveChat(reads(), text)).toEqual({ jid, known: true });
  });

  test('a number that nobody stored may still be written to', () => {
    expect(resolveChat(reads(), '+33 6 12 34 56 78')).toEqual({ jid: '33612345678@s.whatsapp.net', known: false });
  });

  test('an exact name wins over names that only hold it', () => {
    expect(resolveChat(reads(), 'Ben').jid).toBe(BEN);
  });

  test('a name that fits several is refused, with the candidates', () => {
    expect(() => resolveChat(reads(), 'anna')).toThrow(
      expect.objectContaining({
        code: 'ambiguous',
        details: {
          candidates: expect.arrayContaining([
            { jid: ANNA, name: 'Anna Schmidt', kind: 'user' },
            { jid: GROUP, name: 'Anna & Ben planen', kind: 'group' },
          ]) as unknown,
        },
      }),
    );
  });

  test('the beginning of a name is not enough to choose, but is suggested', () => {
    expect(() => resolveChat(reads(), 'Schmi')).toThrow(expect.objectContaining({ code: 'not_found', details: { candidates: [{ jid: ANNA, name: 'Anna Schmidt', kind: 'user' }] } }));
  });

  test('no name finds a chat by characters that mean nothing', () => {
    expect(() => resolveChat(reads(), '%')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});

describe('what may not be seen', () => {
  test('is not there', () => {
    expect(() => resolveStored(reads(new Set([BEN])), ANNA)).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(resolveStored(reads(new Set([ANNA])), ANNA_LID)).toBe(ANNA);
  });

  test('is neither a candidate nor a suggestion', () => {
    expect(resolveChat(reads(new Set([ANNA])), 'anna').jid).toBe(ANNA);
    expect(() => resolveChat(reads(new Set([BEN])), 'schmi')).toThrow(expect.objectContaining({ details: undefined }));
  });
});

test('every form of a JID leads to all others', () => {
  expect(canonicalJid(reads(), ANNA_LID)).toBe(ANNA);
  expect(formsOf(reads(), ANNA_LID)).toEqual([ANNA, ANNA_LID]);
  expect(homeRegion(reads())).toBe('DE');
});

describe('names', () => {
  test.each([
    [{ nickname: 'Nick', full_name: 'Full' }, 'Nick'],
    [{ full_name: 'Full', push_name: 'Push' }, 'Full'],
    [{ verified_name: 'Shop GmbH', push_name: 'Push' }, 'Shop GmbH'],
    [{ push_name: '-' }, '+49 1510 0000001'],
    [{ push_name: '\u202e\u200b' }, '+49 1510 0000001'],
    [{ username: 'anna.s' }, '@anna.s'],
    [{}, '+49 1510 0000001'],
  ])('of %j is %s', (facts, name) => {
    expect(bestName({ jid: ANNA, facts })).toBe(name);
  });

  test('the digits of a LID are never shown', () => {
    expect(bestName({ jid: HIDDEN, facts: { push_name: '999888777666' } })).toBe('LID user');
  });

  test('all names of a page come at once, for any form of JID', () => {
    expect([...namesOf(reads(), [ANNA_LID, ANNA, BEN, HIDDEN, GROUP, '33612345678@s.whatsapp.net', 'status@broadcast'])]).toEqual(
      expect.arrayContaining([
        [ANNA_LID, 'Anna Schmidt'],
        [ANNA, 'Anna Schmidt'],
        [BEN, 'Ben'],
        [HIDDEN, 'LID user'],
        [GROUP, 'Anna & Ben planen'],
        ['33612345678@s.whatsapp.net', '+33 6 12 34 56 78'],
        ['status@broadcast', 'Status updates'],
      ]),
    );
  });
});

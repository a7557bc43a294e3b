import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from './fold.ts';
import { matches, matchExpression, phrasesOf, snippet } from './search-query.ts';

describe('phrasesOf', () => {
  test.each([
    ['orçamento', '"orcamento" *'],
    ['good morn', '"good" AND "morn" *'],
    ['"good morning" all', '"good morning" AND "all" *'],
    ['say "good morning"', '"say" AND "good morning"'],
    ['北京', '"北 京"'],
    ['iPhone手机', '"iphone 手 机"'],
    ['e-mail x', '"e mail" AND "x"'],
    ['a" OR b*', '"a" AND "or" AND "b"'],
    ['NEAR(a b)', '"near a" AND "b"'],
    ['👍🏽', '"👍"'],
    ['% _ "', ''],
  ])('%s asks FTS5 for %s', (query, expression) => {
    expect(matchExpression(phrasesOf(query))).toBe(expression);
  });
});

describe('matches', () => {
  test.each([
    ['semana que vem', 'ana', false],
    ['Ana chegou', 'ana', true],
    ['Orçamentos aprovados', 'orcamento', true],
    ['今天我们去北京吃饭', '北京', true],
    ['北方的京城', '北京', false],
    ['สวัสดีครับ', 'ครับ', true],
    ['مرحبا يا أحمد', 'احمد', true],
  ])('%s with %s: %s', (text, query, found) => {
    expect(matches(fold(text), phrasesOf(query))).toBe(found);
  });
});

describe('snippet', () => {
  test('shows the surroundings of the hit, found through folding', () => {
    const text = `${'vorher '.repeat(40)}Die GRÖẞE zählt${' nachher'.repeat(40)}`;
    const given = snippet(text, phrasesOf('grösse'));
    expect(given).toContain('GRÖẞE zählt');
    expect(given.startsWith('…')).toBe(true);
    expect(given.endsWith('…')).toBe(true);
    expect(given.length).toBeLessThan(190);
  });

  test('finds a word inside a sentence without spaces', () => {
    const text = `${'我们今天吃饭'.repeat(30)}然后去北京`;
    expect(snippet(text, phrasesOf('北京'))).toContain('北京');
  });

  test('never cuts a character in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 100, maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 5 }), (text, query) => {
        expect(snippet(text, phrasesOf(query)).isWellFormed()).toBe(true);
      }),
    );
  });
});

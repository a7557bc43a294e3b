import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from './testing/any-text.ts';
import { fold } from './fold.ts';

describe('fold', () => {
  test.each([
    ['Café ÁRBOL', 'cafe arbol'],
    ['Straße', 'strasse'],
    ['İstanbul ısı', 'istanbul isi'],
    ['ΣΊΣΥΦΟΣ', 'σισυφοσ'],
    ['Ёлка', 'елка'],
    ['أحمد إسلام آية ٱلله', 'احمد اسلام ايه الله'],
    ['مُحَمَّد مـــحمد', 'محمد محمد'],
    ['שָׁלוֹם', 'שלום'],
    ['今天去北京', '今 天 去 北 京'],
    ['ﾊﾝｶｸ がっこう サーバー', 'ハ ン カ ク が っ こ う サ ー バ ー'],
    ['한국', '한 국'],
    ['ที่นี่', 'ท ี ่ น ี ่'],
    ['हिन्दी ज़रूर', 'हिन्दी जरूर'],
    ['👨‍👩‍👧 👍🏽 🇩🇪🇫🇷 ❤️ 1️⃣', '👨 👩 👧 👍 🇩🇪 🇫🇷 ❤ 1'],
    ['iPhone手机 e-mail don’t', 'iphone 手 机 e mail don t'],
    ['%_"\'*()', ''],
  ])('%s becomes %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  test('folding what is folded changes nothing', () => {
    fc.assert(
      fc.property(anyText(60), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('a token is never longer than 128 code points', () => {
    expect(fold('x'.repeat(100_000))).toHaveLength(128);
    expect(fold('𐓏'.repeat(400)).isWellFormed()).toBe(true);
  });
});

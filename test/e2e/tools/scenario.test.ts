import { describe, expect, it } from 'vitest';
import { compare, filled, scenariosOf } from './scenario.ts';

const document = ['# Title', '### 1. First', '```json call', '{ "tool": "list_chats", "arguments": {} }', '```', '### 2. Second', '```json answer', '{ "ok": true }', '```', ''].join('\n');

describe('scenarios of a document', () => {
  it('are its headings with their blocks', () => {
    expect(scenariosOf(document)).toEqual([
      { title: 'First', steps: [{ kind: 'call', body: { tool: 'list_chats', arguments: {} } }] },
      { title: 'Second', steps: [{ kind: 'answer', body: { ok: true } }] },
    ]);
  });

  it('name the scenario whose block is not JSON', () => {
    expect(() => scenariosOf(document.replace('"ok": true', '"ok": ja'))).toThrow('"Second": a block "json answer" is not JSON');
  });

  it('take values for names, and put them in again', () => {
    const names = new Map<string, string>();
    expect(compare({ list: [{ id: '<id>' }] }, { list: [{ id: 'A1', more: 1 }, {}] }, names)).toBeUndefined();
    expect(filled({ ids: ['<id>'], path: '<id>/x', other: '<other>' }, names)).toEqual({ ids: ['A1'], path: 'A1/x', other: '<other>' });
    expect(compare({ id: '<id>' }, { id: 'A2' }, names)).toBe('answer.id: expected "A1", came "A2"');
  });

  it.each([
    [{ ok: true }, { ok: false }, 'answer.ok: expected true, came false'],
    [{ ok: true }, {}, 'answer.ok: expected true, came undefined'],
    [{ name: '<name>' }, {}, 'answer.name: expected "<name>", came undefined'],
    [{ list: [1, 2] }, { list: [1] }, 'answer.list: expected a list of 2 or more, came [1]'],
    [{ link: 'https://a/…' }, { link: 'https://b/c' }, 'answer.link: expected "https://a/…", came "https://b/c"'],
    [{ error: { code: 'x' } }, { error: 'x' }, 'answer.error: expected an object, came "x"'],
  ])('find what differs: %j, %j', (expected, came, wrong) => {
    expect(compare(expected, came, new Map())).toBe(wrong);
  });

  it('let an ellipsis stand for any text', () => {
    expect(compare({ link: 'https://a/…' }, { link: 'https://a/b' }, new Map())).toBeUndefined();
  });
});

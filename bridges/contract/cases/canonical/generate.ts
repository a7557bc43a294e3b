/** Writes vectors/*.json out of describe/*.ts. With --check it writes nothing, and fails where a file would change. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { changes } from './describe/changes.ts';
import { content } from './describe/content.ts';
import { kinds } from './describe/kinds.ts';
import { sources } from './describe/sources.ts';
import type { Description } from './describe/vector.ts';
import { own } from './describe/vector.ts';

const sets: Readonly<Record<string, readonly Description[]>> = { kinds, sources, content, changes };

function vector({ name, rules, source, chat, info, envelope, expect, own: whose }: Description): object {
  const web_message_info = Buffer.from(proto.WebMessageInfo.encode(proto.WebMessageInfo.fromObject(info)).finish()).toString('base64');
  return { name, rules, own: whose ?? own, input: { source, chat, web_message_info, ...(envelope !== undefined && { envelope }) }, expect };
}

const folder = join(import.meta.dirname, 'vectors');
const check = process.argv.includes('--check');
mkdirSync(folder, { recursive: true });
for (const [name, descriptions] of Object.entries(sets)) {
  const file = join(folder, `${name}.json`);
  const text = `${JSON.stringify(descriptions.map(vector), undefined, 2)}\n`;
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) throw new Error(`${file} is not what describe/ says: run generate.ts without --check`);
}

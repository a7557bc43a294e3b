/**
 * Holds what no linter of a single language can: words that must not stand in any file, how files are called, and that
 * what the documents link to is there.
 * Usage: node scripts/check-words.ts        prints one line for each finding, exits 1 if there is any.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Rule {
  readonly pattern: RegExp;
  readonly why: string;
  /** Files that the rule leaves alone. */
  readonly except?: RegExp;
}

const root = join(import.meta.dirname, '..');
const self = /^scripts\/check-words\.ts$/;

const inText: readonly Rule[] = [
  { pattern: /\b(https?:\/\/|@)(registry|proxy|sum|goproxy|index|deb|ftp)\.[a-z]/, why: 'which package registry is used is the machine\'s own setting' },
  { pattern: /"resolved": "https?:/, why: 'the lock file names no download address (.npmrc: omit-lockfile-registry-resolved)', except: self },
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, why: 'finish it, or make it a named, documented failure', except: self },
  { pattern: /(?<![\w.])0\.0\.0\.0(?![\w.])/, why: 'nothing listens beyond loopback', except: self },
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, why: 'no key is kept in the repository', except: self },
  { pattern: /\b(class|interface|type|struct) \w*(Manager|Service|Helper|Util)s?\b/, why: 'name the thing, not the mechanism', except: /_gen\.go$|check-words\.ts$/ },
  { pattern: /[ \t]+$/m, why: 'no blanks at the end of a line', except: /\.(md|snap|golden|json|txt|sql)$/ },
];

const names: readonly Rule[] = [
  { pattern: /(^|[/_.-])(utils?|helpers?|common|misc)([/_.-]|$)/i, why: 'a name says what is inside' },
  { pattern: /(^|\/)[^/]*[A-Z_][^/]*\.ts$/, why: 'TypeScript files are kebab-case' },
  { pattern: /(^|\/)[^/]*[A-Z-][^/]*\.go$/, why: 'Go files are snake_case' },
];

/** Files of the project as git sees them, those not yet committed included. */
function projectFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return listed.split('\0').filter((path) => path !== '' && statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true);
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function* findings(path: string): Generator<string> {
  for (const { pattern, why, except } of names) {
    if (pattern.test(path) && except?.test(path) !== true) yield `${path}: the name ${JSON.stringify(basename(path))}: ${why}`;
  }
  const text = readFileSync(join(root, path), 'utf8');
  if (text.includes('\0')) return;
  for (const { pattern, why, except } of inText) {
    const found = except?.test(path) === true ? null : pattern.exec(text);
    if (found !== null) yield `${path}:${lineOf(text, found.index)}: ${JSON.stringify(found[0].slice(0, 60))}: ${why}`;
  }
}

/** Links of a document to files beside it. */
function* brokenLinks(path: string): Generator<string> {
  if (!path.endsWith('.md')) return;
  const links = readFileSync(join(root, path), 'utf8').matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g);
  for (const [, target = ''] of links) {
    if (!existsSync(join(root, dirname(path), target))) yield `${path}: links to ${target}, which is not there`;
  }
}

const all = projectFiles().flatMap((path) => [...findings(path), ...brokenLinks(path)]);
for (const finding of all) console.error(finding);
if (all.length > 0) process.exit(1);

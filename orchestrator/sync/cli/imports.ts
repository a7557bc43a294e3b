/** Commands that take over messages of other programs. */
import { importExport } from '../import/chat-export.ts';
import type { ExportOptions, ExportResult } from '../import/chat-export.ts';
import { importLharries } from '../import/lharries.ts';
import { exits } from './exit.ts';
import type { Exit } from './exit.ts';
import type { Bar, Output } from './output.ts';
import { day } from './output.ts';
import type { Workshop } from './workshop.ts';

/** Draws a bar while it works; takes it away on every path. */
function withBar<Result>(output: Output, work: (bar: Bar) => Result): Result {
  const bar = output.bar('Importing');
  try {
    return work(bar);
  } finally {
    bar.stop();
  }
}

export function takeOver({ database }: Workshop, output: Output, path: string, { dryRun }: { readonly dryRun: boolean }): Exit {
  const result = withBar(output, (bar) => importLharries(database, { path, now: Date.now(), dryRun, onRows: (rows, total) => bar.update(rows, total, '') }));
  output.record('imported', { ...result, dry_run: dryRun });
  for (const problem of result.problems) output.line(`Not understood: ${problem}`);
  output.line(`${dryRun ? 'Would import' : 'Imported'} ${result.messages} messages of ${result.chats} chats (${result.inserted} new, ${result.known} known) and ${result.mappings} LIDs; ${result.skipped} not understood.`);
  return result.skipped === 0 ? exits.complete : exits.incomplete;
}

export type ExportChoices = Omit<ExportOptions, 'path' | 'now' | 'onRows'>;

export function takeExport({ database }: Workshop, output: Output, path: string, choices: ExportChoices): Exit {
  const result = withBar(output, (bar) => importExport(database, { ...choices, path, now: Date.now(), onRows: (rows, total) => bar.update(rows, total, '') }));
  output.record('imported', { ...result, dry_run: choices.dryRun });
  return concludeExport(result, choices.dryRun, output);
}

const orderWords = { dmy: 'day, month, year', mdy: 'month, day, year', ymd: 'year, month, day' } as const;

function concludeExport(result: ExportResult, dryRun: boolean, output: Output): Exit {
  const { authors, problems, skipped } = result;
  const unknown = authors.filter(({ fromMe, jid }) => !fromMe && jid === undefined);
  output.table(['Name', 'Is', 'Messages'], authors.map(({ name, fromMe, jid, messages }) => [name, fromMe ? 'you' : (jid ?? 'not known'), messages]));
  for (const problem of problems) output.line(`Not understood: ${problem}`);
  if (skipped > problems.length) output.line(`… and ${skipped - problems.length} more.`);
  if (unknown.length > 0) output.line(`The messages of ${unknown.map(({ name }) => `"${name}"`).slice(0, 10).join(', ')} have no sender in the database. Run it again with --map "Name=JID" to fill it in.`);
  output.line(`Dates were read as ${orderWords[result.dateOrder]}, times as of ${result.timeZone}: from ${day(result.oldest)} to ${day(result.newest)} UTC.`);
  output.line(`${dryRun ? 'Would import' : 'Imported'} ${result.inserted} of ${result.messages} messages of ${result.chat}; ${result.known} were there already, ${result.notices} are notices of WhatsApp, ${skipped} not understood.`);
  return skipped === 0 && unknown.length === 0 ? exits.complete : exits.incomplete;
}

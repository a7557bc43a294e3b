/** `sync-checkpoint`: shows and steers how history gets into messages.db. Works beside a running server. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { gc, pause, rescan, reset, resume, retry, run, unlock } from './cli/actions.ts';
import { exitHelp, exitOf, exits } from './cli/exit.ts';
import type { Exit } from './cli/exit.ts';
import { takeExport, takeOver } from './cli/imports.ts';
import type { ExportChoices } from './cli/imports.ts';
import { createOutput } from './cli/output.ts';
import type { Output } from './cli/output.ts';
import { check, coverage, list, rejected, show, status } from './cli/reports.ts';
import { withWorkshop } from './cli/workshop.ts';
import type { Workshop } from './cli/workshop.ts';
import { dateOrders } from './import/export-dates.ts';

interface Everywhere {
  readonly json?: boolean;
  readonly dataDir?: string;
}

const program = new Command('sync-checkpoint')
  .description('Shows and steers how the history of the account gets into messages.db. Every command may be interrupted and run again: nothing is lost or doubled.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exits.complete : exits.usage))
  .option('--json', 'one JSON object a line instead of tables')
  .option('--data-dir <folder>', 'folder of the account (else WHATSAPP_DATA_DIR, else ~/.whatsapp-mcp)')
  .addHelpText('after', `\n${exitHelp}\n\nTypical:\n  sync-checkpoint status            how far is it?\n  sync-checkpoint run               merge what the Baileys bridge has staged, now\n  sync-checkpoint resume --all      ask the phone for everything older, chat by chat\n  sync-checkpoint coverage          how far back does each chat go?`);

/** Runs a command's work and leaves its exit code; known failures are one sentence on stderr. */
const act =
  <Arguments extends unknown[]>(work: (workshop: Workshop, output: Output, ...given: Arguments) => Exit | Promise<Exit>) =>
  async (...given: Arguments): Promise<void> => {
    const { json = false, dataDir } = program.opts<Everywhere>();
    const output = createOutput(json, process.stdout.isTTY);
    try {
      process.exitCode = await withWorkshop(dataDir, (workshop) => work(workshop, output, ...given));
    } catch (error) {
      const exit = exitOf(error);
      if (exit === undefined) throw error;
      output.record('failed', { message: (error as Error).message, exit });
      process.stderr.write(`${(error as Error).message}\n`);
      process.exitCode = exit;
    }
  };

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    return value;
  };
}

function date(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('Expected a date, such as 2024-01-31.');
  return time;
}

const MOST = 1_000_000;

program.command('status').description('how far each source is, what waits, who merges').action(act(status));

program
  .command('list')
  .description('checkpoints of chats whose older history was asked for')
  .option('--incomplete', 'only those that are not at their beginning')
  .option('--limit <count>', 'at most so many', wholeNumber(1, MOST), 100)
  .action(act((workshop, output, { incomplete = false, limit }: { incomplete?: boolean; limit: number }) => list(workshop, output, { incomplete, limit })));

program.command('show <chat>').description('all that is known of one chat\'s checkpoint (JID)').action(act((workshop, output, chat: string) => show(workshop, output, chat)));

program
  .command('run')
  .description('merge what is staged, now')
  .option('--page <rows>', 'rows in a transaction', wholeNumber(1, 2_000))
  .option('--max-rows <rows>', 'stop after so many', wholeNumber(1, Number.MAX_SAFE_INTEGER))
  .action(act((workshop, output, options: { page?: number; maxRows?: number }) => run(workshop, output, options)));

program
  .command('resume [chat]')
  .description('lift a pause and go on: with the latest run, one chat, or all chats')
  .option('--all', 'every direct chat and group')
  .option('--until <date>', 'not further back than this day', date)
  .option('--max-messages <count>', 'at most so many of each chat', wholeNumber(1, MOST))
  .action(
    act((workshop, output, chat: string | undefined, { all = false, ...limits }: { all?: boolean; until?: number; maxMessages?: number }) =>
      resume(workshop, output, chat, { all, ...limits }),
    ),
  );

program.command('pause').description('stop merging, in every process, until resumed').action(act(pause));

program
  .command('reset <chat>')
  .description('forget one chat\'s checkpoint, so that it is asked for again; no message is deleted')
  .requiredOption('--yes', 'yes, forget it')
  .action(act((workshop, output, chat: string) => reset(workshop, output, chat)));

program
  .command('rescan')
  .description('merge again what is still staged; changes nothing that is there')
  .option('--source <uuid>', 'only this one')
  .option('--from-seq <row>', 'after this row', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
  .action(act((workshop, output, options: { source?: string; fromSeq: number }) => rescan(workshop, output, options)));

program.command('verify').description('is everything that was merged there, and the database sound?').action(act(check));

program
  .command('coverage')
  .description('how far back each chat goes, and where messages may be missing')
  .option('--limit <count>', 'at most so many chats', wholeNumber(1, MOST), 200)
  .action(act((workshop, output, { limit }: { limit: number }) => coverage(workshop, output, limit)));

const rejects = program.command('rejects').description('staged rows that could not be merged');
rejects
  .command('list')
  .option('--limit <count>', 'at most so many', wholeNumber(1, MOST), 100)
  .action(act((workshop, output, { limit }: { limit: number }) => rejected(workshop, output, limit)));
rejects.command('retry').description('try them again, after an update').action(act(retry));

program
  .command('gc')
  .description('delete staged rows that are merged; never others')
  .option('--keep <days>', 'keep the younger ones', wholeNumber(0, 36_500), 7)
  .option('--dry-run', 'only say how many')
  .action(act((workshop, output, { keep, dryRun = false }: { keep: number; dryRun?: boolean }) => gc(workshop, output, { keepDays: keep, dryRun })));

program.command('unlock').description('end the epoch of whoever merges').requiredOption('--force', 'yes, although it may be alive').action(act(unlock));

const imports = program.command('import').description('take over messages of another program');
imports
  .command('lharries <messages.db>')
  .description('a database of lharries/whatsapp-mcp; may be in use, and may be imported again')
  .option('--dry-run', 'only say what would come')
  .action(act((workshop, output, path: string, { dryRun = false }: { dryRun?: boolean }) => takeOver(workshop, output, path, { dryRun })));

imports
  .command('export <chat.txt>')
  .description("WhatsApp's own export of a chat; may be imported again, also when it has grown")
  .option('--chat <chat>', 'which chat it is: JID, or name as in the database (else what the file or its folder is called)')
  .option('--me <name>', 'your name in the file; "" where nothing in it is yours')
  .option('--map <name=JID>', 'who somebody is (may be repeated)', (pair: string, before: string[]) => [...before, pair], [])
  .addOption(new Option('--date-order <order>', 'of day, month and year, where the dates leave it open').choices(dateOrders))
  .option('--time-zone <zone>', 'where the phone was, such as Europe/Berlin', Intl.DateTimeFormat().resolvedOptions().timeZone)
  .option('--dry-run', 'only say what would come')
  .addHelpText(
    'after',
    `
On the phone: the chat's menu, "Export chat"; unpack the zip. An export names people but not their numbers, and has neither
message ids nor a time zone: begin with --dry-run, and look at who is who and at the first and last time.
Messages that the database has already (same chat, sender, minute and text) are left out, so get the history that the
phone still gives first ("resume --all"), then import what is older. The files of an export stay where they are.

  sync-checkpoint import export "WhatsApp Chat with Ann.txt" --me "Ben Miller" --dry-run
  sync-checkpoint import export _chat.txt --chat 120363…@g.us --me Ben --map "Ann=15550100@s.whatsapp.net"`,
  )
  .action(act((workshop, output, path: string, { dryRun = false, ...choices }: Omit<ExportChoices, 'dryRun'> & { dryRun?: boolean }) => takeExport(workshop, output, path, { ...choices, dryRun })));

await program.parseAsync();

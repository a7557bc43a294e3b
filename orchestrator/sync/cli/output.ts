/** What a command says: tables and a progress bar for people, one JSON object a line for programs. */
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';

export interface Bar {
  update(value: number, total: number, note: string): void;
  stop(): void;
}

export interface Output {
  readonly json: boolean;
  /** For programs: `{"type": …}` on a line of its own. */
  record(type: string, facts: Readonly<Record<string, unknown>>): void;
  /** For people. */
  line(text: string): void;
  /** Nothing where there are no rows. */
  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void;
  /** Draws on a terminal only. */
  bar(title: string): Bar;
}

const nothing = (): void => undefined;

export function createOutput(json: boolean, terminal: boolean): Output {
  const line = (text: string): void => console.log(text);
  return {
    json,
    record: json ? (type, facts) => line(JSON.stringify({ type, ...facts })) : nothing,
    line: json ? nothing : line,
    table: json ? nothing : (head, rows) => (rows.length > 0 ? line(tableText(head, rows)) : undefined),
    bar: json || !terminal ? () => ({ update: nothing, stop: nothing }) : progressBar,
  };
}

function tableText(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => row.map((cell) => printable(String(cell)))));
  return table.toString();
}

/** Names are other people's text: no control character of theirs reaches the terminal. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 60);

function progressBar(title: string): Bar {
  const bar = new SingleBar({ format: `${title} {bar} {percentage}% | {value}/{total} | {note} | ETA {eta_formatted}`, hideCursor: true, stopOnComplete: false });
  bar.start(1, 0, { note: '' });
  return {
    update: (value, total, note) => {
      bar.setTotal(Math.max(1, total));
      bar.update(value, { note });
    },
    stop: () => bar.stop(),
  };
}

export const day = (ms: number | null | undefined): string => (ms == null ? '' : new Date(ms).toISOString().slice(0, 16).replace('T', ' '));

export const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`;

/** Docs that are derived: failures, configuration, tools and routing. */
import { failures, settings } from '@whatsapp-mcp/contract';
import type { FailureRow, Setting } from '@whatsapp-mcp/contract';
import { routingPage, toolsPage } from './docs-tools.ts';
import { generated, table } from './tables.ts';

function failuresPage(): string {
  const rows = (Object.entries(failures) as [string, FailureRow][]).map(([code, one]) => [
    `\`${code}\``,
    String(one.status),
    one.nothingSent ? 'yes' : 'no',
    one.retryable ? 'yes' : 'no',
    one.hint,
  ]);
  return `${generated}
# Failures

Every failure has a code of this table. A tool answers \`{"ok": false, "error": {code, message, retryable, backend, hint}}\`
with \`isError: true\`; a bridge answers with the HTTP status.

*Nothing sent* says that the failure proves that nothing was handed to WhatsApp: only then may the other bridge be asked
to do something that must not happen twice.

${table(['code', 'HTTP', 'nothing sent', 'retryable', 'hint'], rows)}
`;
}

function configurationPage(): string {
  const rows = (Object.entries(settings) as [string, Setting][]).map(([key, one]) => [
    `\`${one.env}\``,
    `\`${key}\``,
    one.choices?.join(', ') ?? one.type,
    one.default === undefined ? '' : `\`${one.default}\``,
    one.readBy.join(', '),
    one.help,
  ]);
  return `${generated}
# Configuration

Each setting is an environment variable, and a key of \`config.json\` in the data folder; the environment wins.

${table(['variable', 'key', 'values', 'default', 'read by', 'meaning'], rows)}
`;
}

/** @returns file name in docs/ → text. */
export function docs(): Record<string, string> {
  return { 'failures.md': failuresPage(), 'configuration.md': configurationPage(), 'tools.md': toolsPage(), 'routing.md': routingPage() };
}

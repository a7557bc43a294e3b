/** The MCP server on stdin and stdout, and the few commands of a person at a terminal. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Failure, settings } from '@whatsapp-mcp/contract';
import { createApp } from './app.ts';
import type { App } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import type { Config } from './config.ts';
import { createLog } from './log.ts';
import { createMcpServer, stdioTransport } from './surfaces/mcp.ts';

/** When closing hangs on a bridge, the host must not wait for us. */
const CLOSE_MS = 2_000;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

const commands: Readonly<Record<string, () => Promise<number> | number>> = {
  '--help': () => print(help()),
  '-h': () => print(help()),
  '--version': () => print(version),
  doctor: () => withApp(doctor),
  passkey: () => withApp(handOverPasskey),
};

await run(process.argv.slice(2));

async function run([name, ...rest]: readonly string[]): Promise<void> {
  try {
    if (name === undefined) {
      await serve();
      return;
    }
    const command = rest.length === 0 && Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw new ConfigError(`Unknown argument ${[name, ...rest].join(' ')}. Run whatsapp-mcp --help.`);
    process.exitCode = await command();
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof Failure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  }
}

async function serve(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.log_level);
  const app = createApp(config, log);
  const ended = Promise.withResolvers<string>();
  const server = createMcpServer(app.calls, { version, onClose: () => ended.resolve('transport closed') });
  process.stdin.once('end', () => ended.resolve('stdin ended'));
  process.stdin.once('close', () => ended.resolve('stdin closed'));
  // A host that died takes its end of our stdout with it; writing there must not look like a defect.
  process.stdout.once('error', () => ended.resolve('stdout closed'));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ended.resolve(signal));
  await server.connect(stdioTransport());
  app.start();
  log.info({ version, tools: app.calls.catalog.offered.length }, 'serving');
  const reason = await ended.promise;
  log.info({ reason }, 'ending');
  setTimeout(() => process.exit(0), CLOSE_MS).unref();
  await server.close();
  await app.close();
  process.exit(0);
}

async function withApp(work: (app: App, config: Config) => Promise<number>): Promise<number> {
  const config = readConfig();
  const app = createApp(config, createLog('error'));
  try {
    return await work(app, config);
  } finally {
    await app.close();
  }
}

async function doctor(app: App): Promise<number> {
  const { callTool } = await import('./call.ts');
  const caller = { client: 'doctor', signal: AbortSignal.timeout(30_000), confirm: async () => 'unavailable' as const, progress: () => undefined };
  const { structured, isError } = await callTool(app.calls, { name: 'backend_status', args: { detail: true } }, caller);
  print(JSON.stringify(structured, null, 2));
  return isError ? 1 : 0;
}

async function handOverPasskey({ calls }: App): Promise<number> {
  if (process.stdin.isTTY) process.stderr.write('Paste what the browser console copied, then press Ctrl-D:\n');
  const response = (await text(process.stdin)).trim();
  await calls.router.ask('session.passkey_response', { response }, { signal: AbortSignal.timeout(40_000) });
  return print('The passkey was handed over. get_pairing_qr says how linking went.');
}

function help(): string {
  const rows = Object.values(settings)
    .filter(({ readBy }) => (readBy as readonly string[]).includes('orchestrator'))
    .map((setting) => `  ${setting.env}${'default' in setting ? ` (${setting.default})` : ''}\n      ${setting.help}`);
  return `whatsapp-mcp ${version}: an MCP server for your own WhatsApp account.

  whatsapp-mcp            serve MCP on stdin and stdout, for Claude Desktop, Cursor and other hosts
  whatsapp-mcp doctor     print the status of bridges, store and tools as JSON
  whatsapp-mcp passkey    hand over the passkey answer that WhatsApp asked for while linking
  whatsapp-mcp --version

Settings, as environment variables or in config.json of the data folder:
${rows.join('\n')}
`;
}

function print(line: string): number {
  process.stdout.write(`${line}\n`);
  return 0;
}

import './quiet.ts';
import { startBridge } from './bridge.ts';
import type { Config } from './config.ts';
import { ConfigError, readConfig } from './config.ts';
import type { DataFolder } from './data-folder.ts';
import { AlreadyRunning, openDataFolder } from './data-folder.ts';
import { openLog } from './log.ts';

const exitCodes = { config: 2, alreadyRunning: 3, defect: 1 } as const;

function complain(sentence: string, code: number): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

function configured(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) complain(error.message, exitCodes.config);
    throw error;
  }
}

function opened(config: Config): DataFolder {
  try {
    return openDataFolder(config.dataDir, Date.now);
  } catch (error) {
    if (error instanceof AlreadyRunning) complain(error.message, exitCodes.alreadyRunning);
    throw error;
  }
}

const config = configured();
const folder = opened(config);
const log = openLog(config.logLevel);

const bridge = await startBridge(config, folder, log).catch((error: unknown) => {
  folder.close();
  log.error({ err: error }, 'the bridge did not start');
  process.exit(exitCodes.defect);
});

let stopping = false;
function stop(signal: string): void {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'stopping');
  void bridge.close().then(() => {
    folder.close();
    log.info('stopped');
    process.exit(0);
  });
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

/** Baileys leaves some promises of a closed socket to nobody; they end no process that holds an account's history. */
process.on('unhandledRejection', (error) => {
  log.warn({ reason: error instanceof Error ? error.message.slice(0, 200) : 'not an error' }, 'a promise was rejected and nobody waited for it');
});

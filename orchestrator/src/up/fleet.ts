/** Which programs run for an account, and with which settings. */
import type { Layout } from './layout.ts';
import { logPath, programs, simulatorPaths } from './layout.ts';
import type { ProgramSpec } from './program.ts';

export interface FleetOptions {
  readonly layout: Layout;
  /** Environment that the programs start from: the person's own settings. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Port of the simulator; undefined for a real account. */
  readonly simulatorPort: number | undefined;
  /** The Node that runs this process. */
  readonly node: string;
}

export const bridgeNames = ['whatsmeow', 'baileys'] as const;

/** In the order of their start: what others connect to comes first. */
export function fleet({ layout, env, simulatorPort, node }: FleetOptions): ProgramSpec[] {
  const settings = {
    ...env,
    WHATSAPP_DATA_DIR: layout.dataDir,
    ...(simulatorPort !== undefined && {
      WHATSAPP_SIMULATOR: `ws://127.0.0.1:${simulatorPort}/ws/chat`,
      // Any free port: a real account's bridges may hold the usual ones.
      WHATSAPP_WHATSMEOW_PORT: '0',
      WHATSAPP_BAILEYS_PORT: '0',
    }),
  };
  const onNode = (script: string, ...args: string[]) => ({ command: node, args: ['--disable-warning=ExperimentalWarning', script, ...args] });
  const spec = (name: string, start: Pick<ProgramSpec, 'command' | 'args'>): ProgramSpec => ({ name, ...start, env: settings, logPath: logPath(layout, name) });
  const simulator =
    simulatorPort === undefined
      ? []
      : [
          spec(
            'simulator',
            onNode(programs.simulator, 'serve', '--port', String(simulatorPort), '--world', 'demo', '--state', simulatorPaths(layout).state, '--json'),
          ),
        ];
  return [...simulator, spec('whatsmeow', { command: programs.whatsmeow, args: [] }), spec('baileys', onNode(programs.baileys))];
}

/**
 * Every setting, once: environment variable, type, default, help. Both bridges, the orchestrator, the help texts and
 * docs/configuration.md derive from it. Each may also stand in config.json of the data folder, under `key`;
 * the environment wins.
 */
export type SettingType = 'string' | 'path' | 'port' | 'boolean' | 'integer' | 'list' | 'choice';

export interface Setting {
  readonly env: `WHATSAPP_${string}`;
  readonly type: SettingType;
  /** Text as the environment would give it; absent: unset. `~` is the home folder. */
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly readBy: readonly ('orchestrator' | 'whatsmeow' | 'baileys')[];
  readonly help: string;
}

const everyone = ['orchestrator', 'whatsmeow', 'baileys'] as const;

export const settings = {
  data_dir: { env: 'WHATSAPP_DATA_DIR', type: 'path', default: '~/.whatsapp-mcp', readBy: everyone, help: 'Folder of the account: databases, keys, logs, media. Mode 0700.' },
  simulator: { env: 'WHATSAPP_SIMULATOR', type: 'string', readBy: everyone, help: 'Address of a simulated WhatsApp, ws://127.0.0.1:PORT/ws/chat. Loopback only; every status then says simulated: true.' },
  whatsmeow_port: { env: 'WHATSAPP_WHATSMEOW_PORT', type: 'port', default: '8080', readBy: ['orchestrator', 'whatsmeow'], help: 'Port of the whatsmeow bridge on 127.0.0.1. 0: any free one, found through run/whatsmeow.json.' },
  baileys_port: { env: 'WHATSAPP_BAILEYS_PORT', type: 'port', default: '8081', readBy: ['orchestrator', 'baileys'], help: 'Port of the Baileys bridge on 127.0.0.1. 0: any free one, found through run/baileys.json.' },
  baileys: { env: 'WHATSAPP_BAILEYS', type: 'choice', default: 'on-demand', choices: ['on-demand', 'always', 'off'], readBy: ['orchestrator', 'baileys'], help: 'When the Baileys bridge is connected: only while something needs it, always, or never.' },
  baileys_idle_seconds: { env: 'WHATSAPP_BAILEYS_IDLE_SECONDS', type: 'integer', default: '120', min: 1, max: 86_400, readBy: ['baileys'], help: 'On-demand: seconds without work before it disconnects.' },
  device_name: { env: 'WHATSAPP_DEVICE_NAME', type: 'string', default: 'WhatsApp MCP', readBy: ['whatsmeow'], help: 'Name of the linked device in the list on the phone.' },
  log_level: { env: 'WHATSAPP_LOG_LEVEL', type: 'choice', default: 'info', choices: ['debug', 'info', 'warn', 'error'], readBy: everyone, help: 'Least severe log lines written to stderr. No level writes message text or keys.' },
  toolsets: { env: 'WHATSAPP_TOOLSETS', type: 'list', default: 'default', readBy: ['orchestrator'], help: 'Toolsets to offer: default, all, or names from docs/tools.md, separated by commas.' },
  exclude_tools: { env: 'WHATSAPP_EXCLUDE_TOOLS', type: 'list', readBy: ['orchestrator'], help: 'Tools never to offer, separated by commas. Wins over the toolsets.' },
  read_only: { env: 'WHATSAPP_READ_ONLY', type: 'boolean', default: '0', readBy: ['orchestrator'], help: '1: offer only tools that change nothing others or the account can see.' },
  allowed_recipients: { env: 'WHATSAPP_ALLOWED_RECIPIENTS', type: 'list', readBy: ['orchestrator'], help: 'Who may be written to: phone numbers or JIDs, separated by commas. Unset: everybody. Anything unreadable in it: nobody.' },
  visible_chats: { env: 'WHATSAPP_VISIBLE_CHATS', type: 'list', readBy: ['orchestrator'], help: 'Which chats may be read: phone numbers or JIDs. Unset: all. Anything unreadable in it: none.' },
  confirm: { env: 'WHATSAPP_CONFIRM', type: 'choice', default: 'risky', choices: ['off', 'risky', 'all'], readBy: ['orchestrator'], help: 'When the person is asked before a send, in hosts that can ask. all: also refuses to send in hosts that cannot.' },
  media_roots: { env: 'WHATSAPP_MEDIA_ROOTS', type: 'list', readBy: ['orchestrator'], help: 'Folders from which files may be sent, separated by commas. Unset: the folder outbox in the data folder.' },
  max_media_mb: { env: 'WHATSAPP_MAX_MEDIA_MB', type: 'integer', default: '100', min: 1, max: 2048, readBy: ['orchestrator'], help: 'Largest file that is sent or downloaded, megabytes.' },
  sends_per_minute: { env: 'WHATSAPP_SENDS_PER_MINUTE', type: 'integer', default: '20', min: 1, max: 1000, readBy: ['orchestrator'], help: 'Most sends in a minute; further ones wait their turn.' },
  sends_per_day: { env: 'WHATSAPP_SENDS_PER_DAY', type: 'integer', default: '500', min: 1, max: 100_000, readBy: ['orchestrator'], help: 'Most sends in 24 hours; further ones are refused.' },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof settings;

/** What a person pastes into the configuration of their MCP host. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { settings } from '@whatsapp-mcp/contract';
import type { Layout } from './layout.ts';
import { programs } from './layout.ts';

/** The block for Claude Desktop and for Cursor: they read the same shape. */
export function hostConfig(layout: Layout): string {
  const usual = layout.dataDir === settings.data_dir.default.replace('~', homedir());
  const server = { command: programs.server, ...(usual ? {} : { env: { WHATSAPP_DATA_DIR: layout.dataDir } }) };
  return JSON.stringify({ mcpServers: { whatsapp: server } }, undefined, 2);
}

/** Where it goes, one line a host. */
export function hostFiles(platform: NodeJS.Platform): readonly string[] {
  const claude = platform === 'darwin' ? 'Library/Application Support/Claude' : '.config/Claude';
  return [
    `Claude Desktop  ${join(homedir(), claude, 'claude_desktop_config.json')}   (then restart it)`,
    `Cursor          ${join(homedir(), '.cursor/mcp.json')}`,
  ];
}

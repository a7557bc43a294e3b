/** An MCP host, as Claude Desktop is one: starts bin/whatsapp-mcp and talks MCP over its stdin and stdout. */
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult, Progress, Tool } from '@modelcontextprotocol/sdk/types.js';
import { project } from './bridge-process.ts';

const CALL_WITHIN_MS = 60_000;
const TAIL = 40;

/** A tool that answered with an error, as the model sees it. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code: string;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(tool: string, body: { readonly code?: string; readonly message?: string; readonly hint?: string }) {
    super(`${tool}: ${body.code}: ${body.message} (${body.hint})`);
    this.code = body.code ?? 'unknown';
    this.body = { ...body };
  }
}

export interface HostOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

export class McpHost {
  readonly #client: Client;
  readonly #transport: StdioClientTransport;
  readonly log: string[] = [];

  private constructor(client: Client, transport: StdioClientTransport) {
    this.#client = client;
    this.#transport = transport;
    transport.stderr?.on('data', (chunk: Buffer) => this.log.push(chunk.toString()));
  }

  /** Starts a server of its own for this host, with all toolsets. */
  static async start({ dataDir, env = {} }: HostOptions): Promise<McpHost> {
    const transport = new StdioClientTransport({
      command: join(project, 'bin/whatsapp-mcp'),
      env: { ...inherited(), WHATSAPP_DATA_DIR: dataDir, WHATSAPP_TOOLSETS: 'all', WHATSAPP_WHATSMEOW_PORT: '0', WHATSAPP_BAILEYS_PORT: '0', ...env },
      stderr: 'pipe',
    });
    const client = new Client({ name: 'test-host', version: '1.0.0' });
    const host = new McpHost(client, transport);
    try {
      await client.connect(transport);
    } catch (error) {
      throw new Error(`the MCP server did not start: ${host.tail()}`, { cause: error });
    }
    return host;
  }

  get pid(): number | null {
    return this.#transport.pid;
  }

  tail(): string {
    return this.log.join('').split('\n').slice(-TAIL).join('\n');
  }

  async tools(): Promise<Tool[]> {
    return (await this.#client.listTools()).tools;
  }

  /** The raw result of a tool, an error result included. */
  async raw(tool: string, args: object = {}, onprogress?: (progress: Progress) => void): Promise<CallToolResult> {
    const options = { timeout: CALL_WITHIN_MS, ...(onprogress && { onprogress, resetTimeoutOnProgress: true }) };
    const result = await this.#client.callTool({ name: tool, arguments: { ...args } }, undefined, options);
    return result as CallToolResult;
  }

  /** What a tool answered. Throws ToolError when that is an error. */
  async call<Result = Record<string, unknown>>(tool: string, args: object = {}, onprogress?: (progress: Progress) => void): Promise<Result> {
    const result = await this.raw(tool, args, onprogress);
    const first = result.content[0];
    const body = (result.structuredContent ?? (first?.type === 'text' ? JSON.parse(first.text) : undefined)) as Record<string, unknown>;
    if (result.isError === true) throw new ToolError(tool, (body['error'] ?? body));
    return body as Result;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** The environment without settings of the person who runs the tests. */
function inherited(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('WHATSAPP_')));
}

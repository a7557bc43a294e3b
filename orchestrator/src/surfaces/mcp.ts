/** The Model Context Protocol, and the only file that knows its SDK. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, ServerNotification, ServerRequest, Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';
import { callTool } from '../call.ts';
import type { Caller, Calls } from '../call.ts';
import type { Progress } from '../context.ts';
import type { CallResult } from '../result.ts';
import { instructionsFor } from './instructions.ts';
import { listTool } from './tool-listing.ts';

export interface McpOptions {
  readonly version: string;
  /** Called when the host has gone. */
  readonly onClose?: () => void;
}

export interface McpSurface {
  readonly connect: (transport: Transport) => Promise<void>;
  readonly close: () => Promise<void>;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** A person may take this long to answer a question; no answer counts as no. */
const ASK_PERSON_MS = 180_000;

export function createMcpServer(calls: Calls, options: McpOptions): McpSurface {
  const mcp = new McpServer(
    { name: 'whatsapp', title: 'WhatsApp', version: options.version },
    { capabilities: { tools: {} }, instructions: instructionsFor(calls.catalog.offered) },
  );
  // The SDK's own registration drops unknown arguments and pads every schema, so lists and calls are answered below it.
  const { server } = mcp;
  const listed = calls.catalog.offered.map((tool): ListedTool => listTool(tool) as ListedTool);
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const result = await callTool(calls, { name: params.name, args: params.arguments ?? {} }, callerOf(mcp, extra));
    return asMcp(result);
  });
  if (options.onClose !== undefined) server.onclose = options.onClose;
  return { connect: (transport) => mcp.connect(transport), close: () => mcp.close() };
}

export function stdioTransport(): Transport {
  return new StdioServerTransport();
}

function asMcp({ isError, content, structured }: CallResult): CallToolResult {
  return { content: content.map((part) => ({ ...part })), ...(structured && { structuredContent: { ...structured } }), ...(isError && { isError }) };
}

function callerOf({ server }: McpServer, extra: Extra): Caller {
  return {
    client: server.getClientVersion()?.name,
    signal: extra.signal,
    confirm: (question, signal) => askPerson(server, question, { signal, relatedTo: extra.requestId }),
    progress: (progress) => sendProgress(extra, progress),
  };
}

async function askPerson(server: McpServer['server'], question: string, { signal, relatedTo }: { signal: AbortSignal; relatedTo: string | number }): ReturnType<Caller['confirm']> {
  if (server.getClientCapabilities()?.elicitation?.form === undefined) return 'unavailable';
  try {
    const requestedSchema = { type: 'object' as const, properties: { allow: { type: 'boolean' as const, title: 'Allow', description: question } }, required: ['allow'] };
    const answer = await server.elicitInput({ message: question, requestedSchema }, { timeout: ASK_PERSON_MS, signal, relatedRequestId: relatedTo });
    if (answer.action !== 'accept') return answer.action;
    return answer.content?.['allow'] === true ? 'accept' : 'decline';
  } catch (error) {
    // Silence, a closed window and a host that fails to ask all mean that nobody agreed.
    if (error instanceof Error) return 'cancel';
    throw error;
  }
}

function sendProgress(extra: Extra, { done, total, message }: Progress): void {
  const progressToken = extra._meta?.progressToken;
  if (progressToken === undefined || extra.signal.aborted) return;
  const params = { progressToken, progress: done, message, ...(total !== undefined && { total }) };
  // A host that has gone gets no progress; the call itself notices through its signal.
  extra.sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
}

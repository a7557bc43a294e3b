/** The Model Context Protocol, and the only file that knows its SDK. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, ServerNotification, ServerRequest, Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';
import { callTool } from '../call.ts';
import type { Caller, Calls } from '../call.ts';
import type { Progress } from '../context.ts';
import type { CallResult } from '../result.ts';
import { instructionsFor } from './instructions.ts';
import { prompts } from './prompts.ts';
import { callFor, changedUris, completeChat, completeSync, listResources, listTemplates } from './resources.ts';
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
    { capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {} }, instructions: instructionsFor(calls.catalog.offered) },
  );
  // The SDK's own registration drops unknown arguments and pads every schema, so lists and calls are answered below it.
  const { server } = mcp;
  const listed = calls.catalog.offered.map((tool): ListedTool => listTool(tool) as ListedTool);
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const result = await callTool(calls, { name: params.name, args: params.arguments ?? {} }, callerOf(mcp, extra));
    return asMcp(result);
  });
  serveResources(mcp, calls);
  servePrompts(mcp, calls);
  const unsubscribe = serveSubscriptions(mcp, calls);
  server.onclose = () => {
    unsubscribe();
    options.onClose?.();
  };
  return { connect: (transport) => mcp.connect(transport), close: () => mcp.close() };
}

export function stdioTransport(): Transport {
  return new StdioServerTransport();
}

type Low = McpServer['server'];

function serveResources({ server }: McpServer, calls: Calls): void {
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: listResources(calls) }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: listTemplates(calls) }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const call = callFor(calls, uri);
    if (call === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no resource ${uri.slice(0, 200)}; resources/list has them.`);
    const { structured } = await callTool(calls, call, callerOf({ server }, extra));
    return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(structured) }] };
  });
}

function servePrompts({ server }: McpServer, calls: Calls): void {
  const listed = prompts.map(({ name, title, description, arguments: args }) => ({ name, title, description, arguments: args.map(({ isChat: _isChat, ...argument }) => argument) }));
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: listed }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const prompt = prompts.find(({ name }) => name === params.name);
    if (prompt === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no prompt "${params.name.slice(0, 100)}". There are: ${prompts.map(({ name }) => name).join(', ')}.`);
    const missing = prompt.arguments.filter(({ name, required }) => required && !params.arguments?.[name]).map(({ name }) => name);
    if (missing.length > 0) throw new McpError(ErrorCode.InvalidParams, `The prompt ${prompt.name} needs: ${missing.join(', ')}.`);
    return { description: prompt.description, messages: [{ role: 'user' as const, content: { type: 'text' as const, text: prompt.text(params.arguments ?? {}) } }] };
  });
  server.setRequestHandler(CompleteRequestSchema, ({ params: { ref, argument } }) => {
    const isChat = ref.type === 'ref/prompt' ? prompts.some(({ name, arguments: args }) => name === ref.name && args.some((each) => each.name === argument.name && each.isChat)) : argument.name === 'chat_jid';
    const values = isChat ? completeChat(calls, argument.value) : argument.name === 'sync_id' ? completeSync(calls, argument.value) : [];
    return { completion: { values, hasMore: false } };
  });
}

/** Hosts that show a resource are told at most once a second that it changed. */
const TELL_MS = 1_000;

function serveSubscriptions({ server }: McpServer, calls: Calls): () => void {
  const subscribed = new Set<string>();
  const due = new Map<string, NodeJS.Timeout>();
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    if (callFor(calls, uri) === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no resource ${uri.slice(0, 200)}.`);
    subscribed.add(uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });
  const unsubscribe = calls.surroundings.events.subscribe((bridge, event) => {
    if (subscribed.size === 0) return;
    for (const uri of changedUris(calls, bridge, event)) {
      if (subscribed.has(uri) && !due.has(uri)) due.set(uri, setTimeout(() => void tellChanged(server, uri, due), TELL_MS).unref());
    }
  });
  return () => {
    unsubscribe();
    for (const timer of due.values()) clearTimeout(timer);
  };
}

async function tellChanged(server: Low, uri: string, due: Map<string, NodeJS.Timeout>): Promise<void> {
  due.delete(uri);
  // A host that has gone needs no news.
  await server.sendResourceUpdated({ uri }).catch(() => undefined);
}

function asMcp({ isError, content, structured }: CallResult): CallToolResult {
  return { content: content.map((part) => ({ ...part })), ...(structured && { structuredContent: { ...structured } }), ...(isError && { isError }) };
}

function callerOf({ server }: Pick<McpServer, 'server'>, extra: Extra): Caller {
  return {
    client: server.getClientVersion()?.name,
    signal: extra.signal,
    confirm: (question, signal) => askPerson(server, question, { signal, relatedTo: extra.requestId }),
    progress: (progress) => sendProgress(extra, progress),
  };
}

async function askPerson(server: Low, question: string, { signal, relatedTo }: { signal: AbortSignal; relatedTo: string | number }): ReturnType<Caller['confirm']> {
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

/** How a tool stands in tools/list: schema without what only costs tokens, annotations derived. */
import { operations } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import type { Tool } from '../tool.ts';

export interface Listing {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations: Annotations;
}

export interface Annotations {
  readonly title: string;
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export function listTool(tool: Tool): Listing {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: schemaOf(tool.input),
    ...(tool.output && { outputSchema: schemaOf(tool.output) }),
    annotations: annotationsOf(tool),
  };
}

/** Every hint follows from the effect, the route and the replay class of the operations. */
export function annotationsOf(tool: Tool): Annotations {
  const repeatable = tool.operations.length > 0 && tool.operations.every((name) => operations[name].replay === 'safe');
  return {
    title: tool.title,
    readOnlyHint: tool.effect === 'reads',
    destructiveHint: tool.effect === 'destroys',
    idempotentHint: tool.effect === 'reads' || repeatable,
    openWorldHint: tool.route !== 'store',
  };
}

function schemaOf(schema: z.ZodObject): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}

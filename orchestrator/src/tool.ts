import type { OperationName } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { z } from 'zod';
import type { Context } from './context.ts';

export const toolsets = [
  'session',
  'messages',
  'send',
  'chats',
  'contacts',
  'groups',
  'communities',
  'history',
  'privacy',
  'business',
  'newsletters',
] as const;

export type ToolsetName = (typeof toolsets)[number];

/** Offered when WHATSAPP_TOOLSETS says nothing else. */
export const defaultToolsets = ['session', 'messages', 'send', 'chats', 'contacts'] as const satisfies readonly ToolsetName[];

/**
 * What a tool changes; annotations and read-only mode derive from it.
 * - `reads`: nothing
 * - `local`: only files or rows of this machine; allowed in read-only mode
 * - `writes`: reversible, seen by others or by the account
 * - `destroys`: irreversible, or reaches other people (every send)
 */
export type Effect = 'reads' | 'local' | 'writes' | 'destroys';

/** One operation through the router, messages.db alone, or a workflow over bridges and store. */
export type ToolRoute = OperationName | 'store' | 'hybrid';

/** What a tool answers with when the host must show a picture: no structured content beside it. */
export class Contents {
  readonly parts: readonly ContentPart[];

  constructor(parts: readonly ContentPart[]) {
    this.parts = parts;
  }
}

export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly data: string; readonly mimeType: string };

/** JSON object, which becomes structured content and the same text; or ready-made contents. */
export type Answer = Readonly<Record<string, unknown>> | Contents;

export interface Definition<Input extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** At most 200 characters: paid for in tokens on every turn. */
  readonly description: string;
  readonly toolset: ToolsetName;
  readonly effect: Effect;
  readonly route: ToolRoute;
  /** Operations that a `hybrid` (or several-operation) tool asks for, the one it cannot do without first. */
  readonly operations?: readonly OperationName[];
  /** Still answers, from the store, when no bridge can be asked. */
  readonly storeAlone?: true;
  /** A flat `z.strictObject`. */
  readonly input: Input;
  /** Only where no side effect can come before its failure. */
  readonly output?: z.ZodObject;
  readonly examples: readonly z.input<Input>[];
  readonly run: (input: z.output<Input>, context: Context) => Promise<Answer> | Answer;
}

/** A tool with its generics folded away, so that one list holds them all. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly toolset: ToolsetName;
  readonly effect: Effect;
  readonly route: ToolRoute;
  readonly operations: readonly OperationName[];
  readonly storeAlone: boolean;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject | undefined;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
  /** Parses what the model wrote and gives the work that is left. Throws Failure `invalid_argument`. */
  readonly prepare: (raw: Readonly<Record<string, unknown>>) => (context: Context) => Promise<Answer>;
}

/** Declares one tool. */
export function tool<Input extends z.ZodObject>(definition: Definition<Input>): Tool {
  const { route, output, run, operations = [], storeAlone = false, ...rest } = definition;
  return {
    ...rest,
    route,
    output,
    storeAlone: storeAlone || route === 'store',
    operations: route === 'store' || route === 'hybrid' || operations.includes(route) ? operations : [route, ...operations],
    prepare: (raw) => {
      const input = parseArguments(definition, raw);
      return async (context) => run(input, context);
    },
  };
}

function parseArguments<Input extends z.ZodObject>(definition: Definition<Input>, raw: Readonly<Record<string, unknown>>): z.output<Input> {
  const given = withoutNulls(raw);
  const allowed = Object.keys(definition.input.shape);
  const unknown = Object.keys(given).filter((name) => !allowed.includes(name));
  if (unknown.length > 0) {
    const known = allowed.length > 0 ? `It takes: ${allowed.join(', ')}.` : 'It takes no arguments.';
    throw new Failure('invalid_argument', `${definition.name} does not take ${unknown.map((name) => `"${name}"`).join(', ')}. ${known}`);
  }
  const parsed = definition.input.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'arguments'}: ${issue.message}`);
  throw new Failure('invalid_argument', `${definition.name}: ${problems.join('; ')}`);
}

/** Hosts that learnt other servers' schemas write null for an optional argument that they leave out. */
function withoutNulls(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
}

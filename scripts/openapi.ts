/** The contract as an OpenAPI 3.0 document: what Go's types are generated from, and what third parties read. */
import { z } from 'zod';
import { BridgeEvent, ErrorBody, failures, operations } from '@whatsapp-mcp/contract';
import type { Operation, OperationName } from '@whatsapp-mcp/contract';

type Json = Record<string, unknown>;

/** `message.send_text` → `MessageSendText`. */
export function pascal(name: string): string {
  return name.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Name of the component of a schema: its own id where it is a shared noun, else derived from the operation. */
function nameOf(schema: z.ZodType, derived: string): string {
  const id = z.globalRegistry.get(schema)?.id;
  if (id !== undefined) return id;
  schema.register(z.globalRegistry, { id: derived });
  return derived;
}

export interface NamedOperation {
  readonly name: OperationName;
  readonly method: string;
  readonly input: string;
  readonly output: string;
  readonly operation: Operation;
}

export function namedOperations(): NamedOperation[] {
  return (Object.entries(operations) as [OperationName, Operation][]).map(([name, operation]) => ({
    name,
    method: pascal(name),
    input: nameOf(operation.input, `${pascal(name)}Input`),
    output: nameOf(operation.output, `${pascal(name)}Output`),
    operation,
  }));
}

const ref = (id: string): Json => ({ $ref: `#/components/schemas/${id}` });
const jsonBody = (schema: Json): Json => ({ content: { 'application/json': { schema } } });

function path(named: NamedOperation): Json {
  const success = { type: 'object', required: ['ok', 'result'], properties: { ok: { type: 'boolean' }, result: ref(named.output) } };
  return {
    post: {
      operationId: named.method,
      summary: named.operation.summary,
      'x-bridges': named.operation.bridges,
      'x-replay': named.operation.replay,
      'x-fails': named.operation.fails,
      'x-deadline-ms': named.operation.deadlineMs,
      requestBody: { required: true, ...jsonBody(ref(named.input)) },
      responses: { 200: { description: 'Done', ...jsonBody(success) }, default: { description: 'A named failure', ...jsonBody(ref('ErrorBody')) } },
    },
  };
}

const INT32_MAX = 2_147_483_647;

/** Marks what Go needs to know: 64-bit numbers (a float32 loses metres of a place), and objects without any field (a map otherwise). */
function forGo(schema: Json): Json {
  if (schema['type'] === 'integer' && Number(schema['maximum']) > INT32_MAX) return { ...schema, format: 'int64' };
  if (schema['type'] === 'number') return { ...schema, format: 'double' };
  const empty = schema['type'] === 'object' && Object.keys((schema['properties'] as Json | undefined) ?? {}).length === 0;
  return empty ? { ...schema, 'x-go-type': 'struct{}' } : schema;
}

function everySchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(everySchema);
  if (typeof value !== 'object' || value === null) return value;
  return forGo(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, everySchema(inner)])));
}

/** zod writes `id` into each component; OpenAPI has it as the key only. */
function components(schemas: Record<string, Json>): Json {
  const sorted = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  return everySchema(Object.fromEntries(sorted.map(([key, { id: _, $id: __, ...rest }]) => [key, rest]))) as Json;
}

/** @returns the document; keys in a stable order, so that a diff shows what changed. */
export function openApi(): Json {
  const named = namedOperations();
  nameOf(BridgeEvent, 'BridgeEvent');
  nameOf(ErrorBody, 'ErrorBody');
  const { schemas } = z.toJSONSchema(z.globalRegistry, { target: 'openapi-3.0', io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return {
    openapi: '3.0.3',
    info: { title: 'WhatsApp bridge', version: '1', description: 'Spoken by both bridges on 127.0.0.1; see docs/architecture.md.' },
    security: [{ token: [] }],
    paths: Object.fromEntries(named.map((one) => [`/v1/${one.name}`, path(one)])),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: components(schemas),
    },
    'x-failures': failures,
  };
}

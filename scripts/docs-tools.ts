/** Docs that derive from the tool definitions and the routing table. */
import { operations } from '@whatsapp-mcp/contract';
import type { OperationName } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import { routes } from '../orchestrator/routing/table.ts';
import { defaultToolsets, toolsets } from '../orchestrator/src/tool.ts';
import type { Tool, ToolsetName } from '../orchestrator/src/tool.ts';
import { tools } from '../orchestrator/src/tools/index.ts';
import { generated, table } from './tables.ts';

const inDefault: ReadonlySet<ToolsetName> = new Set(defaultToolsets);

/** `name`, or `name?` where it may be left out. */
function parameters(tool: Tool): string {
  const { properties = {}, required = [] } = z.toJSONSchema(tool.input, { io: 'input' });
  const names = Object.keys(properties).map((name) => `\`${name}${required.includes(name) ? '' : '?'}\``);
  return names.length === 0 ? '–' : names.join(', ');
}

/** Where the answer comes from. */
function source(tool: Tool): string {
  if (tool.route === 'store') return 'messages.db';
  if (tool.route === 'hybrid') return `workflow${tool.operations.length === 0 ? '' : `: ${tool.operations.join(', ')}`}`;
  return tool.route;
}

function toolsetSection(toolset: ToolsetName): string {
  const rows = tools.filter((tool) => tool.toolset === toolset).map((tool) => [`\`${tool.name}\``, tool.description, parameters(tool), source(tool), tool.effect]);
  if (rows.length === 0) return '';
  return `## ${toolset}${inDefault.has(toolset) ? ' (default)' : ''}\n\n${table(['tool', 'what it does', 'parameters', 'answered by', 'effect'], rows)}\n`;
}

export function toolsPage(): string {
  const usual = tools.filter((tool) => inDefault.has(tool.toolset)).length;
  return `${generated}
# Tools

${tools.length} tools in ${toolsets.length} toolsets; ${usual} are offered when \`WHATSAPP_TOOLSETS\` says nothing else. \`all\` offers every one.

*Answered by* names the operation of the bridges ([routing.md](routing.md) says which bridge), or messages.db, which answers
while both bridges are stopped. *Effect*: \`reads\` changes nothing, \`local\` changes this machine only, \`writes\` can be undone,
\`destroys\` cannot, or reaches other people. \`WHATSAPP_READ_ONLY=1\` leaves the first two. A parameter with \`?\` may be left out.

${toolsets.map(toolsetSection).filter((section) => section !== '').join('\n')}`;
}

const replays: Readonly<Record<string, string>> = {
  safe: 'after any failure',
  by_id: 'only if nothing was sent',
  never: 'only if nothing was sent',
};

export function routingPage(): string {
  const rows = (Object.keys(routes) as OperationName[]).map((name) => {
    const { first, then, why } = routes[name];
    return [`\`${name}\``, first === 'named' ? 'the one that is named' : first, then ?? '–', then === null ? '–' : (replays[operations[name].replay] ?? ''), why];
  });
  return `${generated}
# Routing

Who is asked for an operation, who else may be asked then, and when. A message is never handed over twice: its id is made
before the first attempt, and where it may have been sent already the answer is \`outcome_unknown\` ([failures.md](failures.md)).

${table(['operation', 'first', 'then', 'the other is asked', 'because'], rows)}
`;
}

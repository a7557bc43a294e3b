/** Which tools this server offers, by its settings. */
import { Failure } from '@whatsapp-mcp/contract';
import { ConfigError } from './config.ts';
import type { Config } from './config.ts';
import { defaultToolsets, toolsets } from './tool.ts';
import type { Tool, ToolsetName } from './tool.ts';

export interface Catalog {
  /** In the order in which they are listed. */
  readonly offered: readonly Tool[];
  readonly all: readonly Tool[];
  /** Throws Failure where the name is unknown, or the tool is not offered. */
  find(name: string): Tool;
  /** Why a tool is not offered; undefined where it is. */
  whyNot(tool: Tool): string | undefined;
}

type Choice = Pick<Config, 'toolsets' | 'exclude_tools' | 'read_only'>;

/** Throws ConfigError for names that are no toolset or tool. */
export function createCatalog(all: readonly Tool[], choice: Choice): Catalog {
  const chosen = chosenToolsets(choice.toolsets);
  const excluded = new Set(choice.exclude_tools ?? []);
  const byName = new Map(all.map((tool) => [tool.name, tool]));
  refuseUnknown('WHATSAPP_EXCLUDE_TOOLS', [...excluded], [...byName.keys()]);
  const whyNot = (tool: Tool): string | undefined => {
    if (!chosen.has(tool.toolset)) return `the toolset "${tool.toolset}" is not in WHATSAPP_TOOLSETS`;
    if (excluded.has(tool.name)) return 'WHATSAPP_EXCLUDE_TOOLS names it';
    if (choice.read_only && (tool.effect === 'writes' || tool.effect === 'destroys')) return 'WHATSAPP_READ_ONLY=1 forbids it';
    return undefined;
  };
  return {
    all,
    offered: all.filter((tool) => whyNot(tool) === undefined),
    whyNot,
    find: (name) => {
      const tool = byName.get(name);
      if (tool === undefined) throw new Failure('invalid_argument', `There is no tool "${name.slice(0, 100)}".${similar(name, [...byName.keys()])}`);
      const reason = whyNot(tool);
      if (reason !== undefined) throw new Failure('policy_denied', `${name} is switched off: ${reason}.`);
      return tool;
    },
  };
}

function chosenToolsets(names: readonly string[]): ReadonlySet<string> {
  refuseUnknown('WHATSAPP_TOOLSETS', names, ['default', 'all', ...toolsets]);
  const groups: Readonly<Record<string, readonly ToolsetName[]>> = { default: defaultToolsets, all: toolsets };
  return new Set(names.flatMap((name): readonly string[] => groups[name] ?? [name]));
}

function refuseUnknown(setting: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new ConfigError(`${setting} has the unknown name ${unknown.join(', ')}. Known are: ${known.join(', ')}.`);
}

/** Names that share a word with the asked one, for a caller that misremembers. */
function similar(name: string, known: readonly string[]): string {
  const words = new Set(name.toLowerCase().split('_').filter((word) => word.length > 2));
  const near = known.filter((each) => each.split('_').filter((word) => words.has(word)).length >= Math.min(2, words.size));
  return near.length > 0 && words.size > 0 ? ` Near it: ${near.slice(0, 5).join(', ')}.` : ' tools/list has the names.';
}

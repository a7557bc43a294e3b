/** Every tool, in the order in which hosts list them. */
import { toolsets } from '../tool.ts';
import type { Tool } from '../tool.ts';
import * as media from './media.ts';
import * as messageActions from './message-actions.ts';
import * as send from './send.ts';
import * as session from './session.ts';

type Definitions = Readonly<Record<string, Tool>>;

const files = { session, media, send, messageActions } satisfies Record<string, Definitions>;

const defined: readonly Tool[] = Object.values<Definitions>(files).flatMap((file) => Object.values(file));

export const tools: readonly Tool[] = toolsets.flatMap((name) => defined.filter((tool) => tool.toolset === name));

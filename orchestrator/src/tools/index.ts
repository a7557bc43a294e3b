/** Every tool, in the order in which hosts list them. */
import { toolsets } from '../tool.ts';
import type { Tool } from '../tool.ts';
import * as business from './business.ts';
import * as chatActions from './chat-actions.ts';
import * as chats from './chats.ts';
import * as communities from './communities.ts';
import * as communityHistory from './community-history.ts';
import * as contactActions from './contact-actions.ts';
import * as contacts from './contacts.ts';
import * as groups from './groups.ts';
import * as history from './history.ts';
import * as media from './media.ts';
import * as messageActions from './message-actions.ts';
import * as messages from './messages.ts';
import * as newsletters from './newsletters.ts';
import * as privacy from './privacy.ts';
import * as send from './send.ts';
import * as session from './session.ts';

/** A file exports tools; whatever else it exports has no `prepare` and is left out. */
const files: readonly Readonly<Record<string, unknown>>[] = [session, messages, media, send, messageActions, chats, chatActions, contacts, contactActions, groups, communities, communityHistory, history, privacy, business, newsletters];

const defined = files.flatMap((file) => Object.values(file).filter(isTool));

export const tools: readonly Tool[] = toolsets.flatMap((name) => defined.filter((tool) => tool.toolset === name));

function isTool(value: unknown): value is Tool {
  return typeof value === 'object' && value !== null && 'prepare' in value;
}

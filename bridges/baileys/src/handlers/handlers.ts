/** Every operation of the contract that this bridge serves; a missing one does not compile. */
import type { BaileysHandlers } from '../server/run.ts';
import { accountHandlers } from './account.ts';
import { chatHandlers } from './chats.ts';
import { contactHandlers } from './contacts.ts';
import type { Context } from './context.ts';
import { groupHandlers } from './groups.ts';
import { historyHandlers } from './history.ts';
import { mediaHandlers } from './media.ts';
import { messageHandlers } from './messages.ts';
import { newsletterHandlers } from './newsletters.ts';
import { sessionHandlers } from './session.ts';

export function makeHandlers(context: Context): BaileysHandlers {
  return {
    ...sessionHandlers(context),
    ...messageHandlers(context),
    ...mediaHandlers(context),
    ...chatHandlers(context),
    ...contactHandlers(context),
    ...groupHandlers(context),
    ...accountHandlers(context),
    ...newsletterHandlers(context),
    ...historyHandlers(context),
  } satisfies BaileysHandlers;
}

import { node } from '../wire/node.ts';
import type { IqRow } from './iq.ts';

/** `<remove-companion-device>`: the answer goes out first, then the connection ends. */
const REMOVED = node('stream:error', { code: 401 }, [node('conflict', { type: 'device_removed' })]);

/** What keeps a connection going. */
export const SESSION_ROWS: readonly IqRow[] = [
  { xmlns: 'w:p', type: 'get', answer: () => [] },
  {
    xmlns: 'passive',
    type: 'set',
    tag: 'active',
    answer: ({ exchange, from }) => {
      // After the reply, which the client waits for before it reads on.
      queueMicrotask(() => exchange.activate(from));
      return [];
    },
  },
  {
    xmlns: 'passive',
    type: 'set',
    tag: 'passive',
    answer: ({ from }) => {
      from.active = false;
      return [];
    },
  },
  {
    xmlns: 'md',
    type: 'set',
    tag: 'remove-companion-device',
    answer: ({ exchange, from }) => {
      // Clients remove themselves only; a phone removes its devices by `Companion.logout`.
      if (from.companion !== undefined) queueMicrotask(() => exchange.unlink(from, REMOVED));
      return [];
    },
  },
  { xmlns: 'abt', type: 'get', answer: () => [node('props', { protocol: 1, hash: 'sim' }, [])] },
];

import { node } from '../wire/node.ts';
import type { IqRow } from './iq.ts';

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
  { xmlns: 'abt', type: 'get', answer: () => [node('props', { protocol: 1, hash: 'sim' }, [])] },
];

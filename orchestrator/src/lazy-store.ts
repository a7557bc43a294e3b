/** messages.db, opened when it is first needed: a server that only answers tools/list must not wait for it. */
import type { Database } from 'better-sqlite3';
import type { Store } from './context.ts';

export type StoreMode = 'read' | 'write';

export interface LazyStore extends Store {
  close(): void;
}

/** `open` throws Failure store_unavailable where it cannot. */
export function createLazyStore(open: (mode: StoreMode) => Database): LazyStore {
  const connections = new Map<StoreMode, Database>();
  const connection = (mode: StoreMode): Database => {
    const opened = connections.get(mode) ?? open(mode);
    connections.set(mode, opened);
    return opened;
  };
  return {
    get read() {
      return connection('read');
    },
    get write() {
      return connection('write');
    },
    close: () => {
      for (const opened of connections.values()) opened.close();
      connections.clear();
    },
  };
}

import { AppStateFault, isCollection } from '../appstate/index.ts';
import type { CollectionName, Fetched } from '../appstate/index.ts';
import type { CollectionVersion } from '../exchange/notify.ts';
import { notifyAppState } from '../exchange/notify.ts';
import { attr, bytesOf, child, children, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** The encrypted settings that the devices of an account share: pins, archives, contacts and the like. */
export const APP_STATE_ROWS: readonly IqRow[] = [{ xmlns: 'w:sync:app:state', type: 'set', tag: 'sync', answer: sync }];

function sync({ exchange, from, child: request }: IqRequest): IqAnswer {
  const changed: CollectionVersion[] = [];
  // Each collection that was asked for must be named: Baileys asks again at once, for ever, for one that is not.
  const answers = children(request, 'collection').map((asked) => answerCollection(from.account.appState, asked, changed));
  if (changed.length > 0) {
    const { account } = from;
    queueMicrotask(() => notifyAppState(exchange, account, { author: from, collections: changed }));
  }
  return [node('sync', {}, answers)];
}

type Store = IqRequest['from']['account']['appState'];

function answerCollection(store: Store, asked: BinaryNode, changed: CollectionVersion[]): BinaryNode {
  const name = attr(asked, 'name') ?? '';
  if (!isCollection(name)) return refused(name, 400, `there is no collection ${name}`);
  const based = Number(attr(asked, 'version') ?? '0');
  const patch = child(asked, 'patch');
  if (patch === undefined) return fetched(name, store.since(name, based));
  return submit(store, { name, based, patch: bytesOf(patch), changed });
}

interface Submission {
  readonly name: CollectionName;
  /** The version the patch was made on. */
  readonly based: number;
  readonly patch: Uint8Array;
  readonly changed: CollectionVersion[];
}

function submit(store: Store, { name, based, patch, changed }: Submission): BinaryNode {
  try {
    const result = store.submit(name, based, patch);
    // whatsmeow applies what it has missed and tries once more (appstate.go: sendAppState).
    if (!result.accepted) return refused(name, 409, 'conflict', patchesNode(result));
    changed.push({ name, version: result.version });
    return node('collection', { name, version: result.version });
  } catch (error) {
    if (error instanceof AppStateFault) return refused(name, 400, error.message);
    throw error;
  }
}

function fetched(name: string, { version, patches, hasMore }: Fetched): BinaryNode {
  const content = patches.length === 0 ? undefined : patchesNode({ patches });
  return node('collection', { name, version, has_more_patches: hasMore ? 'true' : undefined }, content);
}

function patchesNode({ patches }: Pick<Fetched, 'patches'>): readonly BinaryNode[] {
  return [node('patches', {}, patches.map((patch) => node('patch', {}, patch)))];
}

function refused(name: string, code: number, text: string, more: readonly BinaryNode[] = []): BinaryNode {
  return node('collection', { name, type: 'error' }, [node('error', { code, text }), ...more]);
}

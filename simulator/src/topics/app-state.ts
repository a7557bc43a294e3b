import { children, node } from '../wire/node.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** The encrypted settings that the devices of an account share: pins, archives, contacts and the like. */
export const APP_STATE_ROWS: readonly IqRow[] = [{ xmlns: 'w:sync:app:state', type: 'set', tag: 'sync', answer: sync }];

function sync({ child: request }: IqRequest): IqAnswer {
  // Each collection that was asked for must be named: Baileys asks again at once, for ever, for one that is not.
  const collections = children(request, 'collection').map((asked) => node('collection', { name: asked.attrs['name'], version: 0 }));
  return [node('sync', {}, collections)];
}

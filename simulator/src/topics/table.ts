import { APP_STATE_ROWS } from './app-state.ts';
import { ENCRYPT_ROWS } from './encrypt.ts';
import type { IqRow } from './iq.ts';
import { MEDIA_ROWS } from './media.ts';
import { SESSION_ROWS } from './session.ts';
import { USYNC_ROWS } from './usync.ts';

/** Every request the server answers with more than an empty result: one file a topic, one line here. */
export const IQ_ROWS: readonly IqRow[] = [
  ...SESSION_ROWS,
  ...ENCRYPT_ROWS,
  ...USYNC_ROWS,
  ...APP_STATE_ROWS,
  ...MEDIA_ROWS,
];

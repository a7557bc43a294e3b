import { node } from '../wire/node.ts';
import type { IqRow } from './iq.ts';

/** The only media host; clients are made to dial the simulator for it. */
const MEDIA_HOST = 'mmg.whatsapp.net';
/** Seconds a media connection may be used for. */
const LIFETIME_SECONDS = 21_600;
/** Far above any real upload; whatsmeow wants the attribute as a number. */
const MAX_BUCKETS = 12;

/** Where to upload and download files. */
export const MEDIA_ROWS: readonly IqRow[] = [
  {
    xmlns: 'w:m',
    type: 'set',
    tag: 'media_conn',
    answer: ({ exchange }) => {
      const attrs = { auth: exchange.mediaAuth, ttl: LIFETIME_SECONDS, auth_ttl: LIFETIME_SECONDS, max_buckets: MAX_BUCKETS };
      return [node('media_conn', attrs, [node('host', { hostname: MEDIA_HOST })])];
    },
  },
];

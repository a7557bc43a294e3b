import * as z from 'zod';
import { setAbout } from './about.ts';
import type { MexQuery } from './mex-query.ts';
import { capJson, timelockJson } from './restrictions.ts';

const TextStatus = z.object({ input: z.object({ text: z.string().nullable(), emoji: z.object({ content: z.string() }).nullish() }) });

/** Queries about the own account. Ids: Baileys Types/Mex.js, whatsmeow newsletter.go. */
export const MEX_ACCOUNT: readonly MexQuery[] = [
  {
    ids: ['9152604461510864'],
    path: 'xwa2_update_text_status',
    run: ({ exchange, from }, variables) => {
      setAbout(exchange, from, TextStatus.parse(variables).input.text ?? '');
      return { result: 'SUCCESS' };
    },
  },
  { ids: ['23983697327930364'], path: 'xwa2_fetch_account_reachout_timelock', run: ({ exchange, from }) => timelockJson(exchange, from.account) },
  { ids: ['24503548349331633'], path: 'xwa2_message_capping_info', run: ({ exchange, from }) => capJson(exchange, from.account) },
];

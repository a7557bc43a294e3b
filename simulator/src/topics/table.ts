import { APP_STATE_ROWS } from './app-state.ts';
import { ENCRYPT_ROWS } from './encrypt.ts';
import { BUSINESS_ROWS } from './business.ts';
import { CATALOG_ROWS } from './catalog.ts';
import { COMMUNITY_ROWS } from './communities.ts';
import { GROUP_CREATION_ROWS } from './group-creation.ts';
import { GROUP_INVITE_ROWS } from './group-invites.ts';
import { GROUP_MEMBER_ROWS } from './group-members.ts';
import { GROUP_SETTING_ROWS } from './group-settings.ts';
import { GROUP_ROWS } from './groups.ts';
import type { IqRow } from './iq.ts';
import { MEDIA_ROWS } from './media.ts';
import { MEX_ROWS } from './mex.ts';
import { NEWSLETTER_ROWS } from './newsletters.ts';
import { PICTURE_ROWS } from './pictures.ts';
import { PRIVACY_ROWS } from './privacy.ts';
import { PROFILE_ROWS } from './profile.ts';
import { SESSION_ROWS } from './session.ts';
import { USYNC_ROWS } from './usync.ts';

/** Every request the server answers with more than an empty result: one file a topic, one line here. */
export const IQ_ROWS: readonly IqRow[] = [
  ...SESSION_ROWS,
  ...ENCRYPT_ROWS,
  ...USYNC_ROWS,
  ...APP_STATE_ROWS,
  ...MEDIA_ROWS,
  ...GROUP_ROWS,
  ...GROUP_MEMBER_ROWS,
  ...GROUP_SETTING_ROWS,
  ...GROUP_INVITE_ROWS,
  ...GROUP_CREATION_ROWS,
  ...COMMUNITY_ROWS,
  ...NEWSLETTER_ROWS,
  ...MEX_ROWS,
  ...PRIVACY_ROWS,
  ...PICTURE_ROWS,
  ...PROFILE_ROWS,
  ...BUSINESS_ROWS,
  ...CATALOG_ROWS,
];

import type { Input } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import { tool } from '../tool.ts';
import type { Tool } from '../tool.ts';

export const getPrivacySettings = tool({
  name: 'get_privacy_settings',
  title: 'Privacy settings',
  description: 'All privacy settings of your account.',
  toolset: 'privacy',
  effect: 'reads',
  route: 'privacy.get',
  input: z.strictObject({}),
  examples: [{}],
  run: async (_input, context) => {
    const { settings } = await context.ask('privacy.get', {});
    return { settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])) };
  },
});

interface PrivacyTool {
  readonly name: string;
  readonly title: string;
  readonly whose: string;
  readonly setting: Input<'privacy.set'>['name'];
  readonly values: readonly [Input<'privacy.set'>['value'], ...Input<'privacy.set'>['value'][]];
}

const audience = ['all', 'contacts', 'contact_blacklist', 'none'] as const;

function updating({ name, title, whose, setting, values }: PrivacyTool): Tool {
  return tool({
    name,
    title,
    description: `Sets who sees ${whose}.`,
    toolset: 'privacy',
    effect: 'destroys',
    route: 'privacy.set',
    input: z.strictObject({ value: z.enum(values) }),
    examples: [{ value: values[0] }],
    run: async ({ value }, context) => {
      await context.ask('privacy.set', { name: setting, value });
      return { success: true, setting, value };
    },
  });
}

export const updateLastSeenPrivacy = updating({ name: 'update_last_seen_privacy', title: 'Last seen privacy', whose: 'when you were last online', setting: 'last', values: audience });
export const updateProfilePicturePrivacy = updating({ name: 'update_profile_picture_privacy', title: 'Picture privacy', whose: 'your profile picture', setting: 'profile', values: audience });
export const updateStatusPrivacy = updating({ name: 'update_status_privacy', title: 'About privacy', whose: 'your about text', setting: 'status', values: audience });
export const updateOnlinePrivacy = updating({ name: 'update_online_privacy', title: 'Online privacy', whose: 'that you are online', setting: 'online', values: ['all', 'match_last_seen'] });

/** Toolset privacy: what is set is what the server holds the account to. */
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

const stage = useStage();

const onServer = () => stage.sim.state.privacy.of(stage.world.owner);

tool('get_privacy_settings', 'are those of the server', async () => {
  const { settings } = await stage.call<{ settings: Record<string, string> }>('get_privacy_settings');
  const { last, profile, status, online } = onServer();
  expect(settings).toMatchObject({ last, profile, status, online });
});

tool('update_last_seen_privacy', 'who sees when the account was online last', async () => {
  expect(await stage.call('update_last_seen_privacy', { value: 'contacts' })).toMatchObject({ success: true });
  expect(onServer().last).toBe('contacts');
});

tool('update_profile_picture_privacy', 'who sees the picture', async () => {
  await stage.call('update_profile_picture_privacy', { value: 'none' });
  expect(onServer().profile).toBe('none');
  expect(stage.sim.state.privacy.allows(stage.world.owner, 'profile', stage.world.person(stage.phone('Emma').pn)!)).toBe(false);
});

tool('update_status_privacy', 'who sees the about text', async () => {
  await stage.call('update_status_privacy', { value: 'contacts' });
  expect(onServer().status).toBe('contacts');
});

tool('update_online_privacy', 'who sees that the account is online', async () => {
  await stage.call('update_online_privacy', { value: 'match_last_seen' });
  expect(onServer().online).toBe('match_last_seen');
});

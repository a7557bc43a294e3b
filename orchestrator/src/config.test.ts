import { settings } from '@whatsapp-mcp/contract';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const read = (env: Readonly<Record<string, string>>, file?: string) => readConfig({ env, home: '/home/me', readText: (path) => (path.endsWith('/config.json') ? file : undefined) });

test('defaults come from the settings of the contract', () => {
  const config = read({});
  expect(config.data_dir).toBe('/home/me/.whatsapp-mcp');
  expect(config.whatsmeow_port).toBe(Number(settings.whatsmeow_port.default));
  expect(config.read_only).toBe(false);
  expect(config.toolsets).toEqual(['default']);
  expect(config.allowed_recipients).toBeUndefined();
});

test('the environment wins over config.json, which wins over the default', () => {
  const file = JSON.stringify({ sends_per_day: 7, sends_per_minute: 3, exclude_tools: ['send_file', 'send_poll'] });
  const config = read({ WHATSAPP_SENDS_PER_DAY: '9' }, file);
  expect([config.sends_per_day, config.sends_per_minute, config.confirm]).toEqual([9, 3, 'risky']);
  expect(config.exclude_tools).toEqual(['send_file', 'send_poll']);
});

test.each<[string, Readonly<Record<string, string>>, string | undefined, RegExp]>([
  ['an unknown variable', { WHATSAPP_READONLY: '1' }, undefined, /Unknown setting WHATSAPP_READONLY.*WHATSAPP_READ_ONLY/],
  ['an unknown key', {}, '{"sends": 1}', /unknown key sends.*sends_per_day/],
  ['a value that is no choice', { WHATSAPP_CONFIRM: 'maybe' }, undefined, /WHATSAPP_CONFIRM must be one of: off, risky, all; it is "maybe"/],
  ['a number out of range', { WHATSAPP_SENDS_PER_MINUTE: '0' }, undefined, /a whole number from 1 to 1000/],
  ['a number that is none', { WHATSAPP_WHATSMEOW_PORT: '80a' }, undefined, /from 0 to 65535; it is "80a"/],
  ['a boolean that is none', { WHATSAPP_READ_ONLY: 'perhaps' }, undefined, /1 or 0/],
  ['a file that is no JSON', {}, '{', /is not JSON/],
  ['a file that is a list', {}, '[]', /one JSON object/],
  ['a folder that names another folder', {}, '{"data_dir": "/x"}', /unknown key data_dir/],
])('%s is a start-up error that says what is allowed', (_what, env, file, message) => {
  expect(() => read(env, file)).toThrow(ConfigError);
  expect(() => read(env, file)).toThrow(message);
});

test('an allow-list that is set but empty allows nobody; other empty settings are unset', () => {
  const config = read({ WHATSAPP_ALLOWED_RECIPIENTS: '', WHATSAPP_VISIBLE_CHATS: ' ', WHATSAPP_SENDS_PER_DAY: '' });
  expect([config.allowed_recipients, config.visible_chats, config.sends_per_day]).toEqual([[], [], 500]);
});

test('paths are absolute, and ~ is the home folder', () => {
  const config = read({ WHATSAPP_DATA_DIR: '~/wa', WHATSAPP_MEDIA_ROOTS: '~/a, /b' });
  expect([config.data_dir, config.media_roots]).toEqual(['/home/me/wa', ['/home/me/a', '/b']]);
});

test('the variable of the start scripts is not ours to refuse', () => {
  expect(read({ WHATSAPP_NODE: '/usr/bin/node' }).confirm).toBe('risky');
});

/** What the bridge answers to those who may not speak to it, or speak badly. */
import { request } from 'node:http';
import { MAX_BODY_BYTES } from '@whatsapp-mcp/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BridgeUnderTest } from './harness.ts';

const bridge = new BridgeUnderTest(undefined, { WHATSAPP_BAILEYS: 'off' });

beforeAll(() => bridge.start());
afterAll(() => bridge.dispose());

async function refusal(response: Response): Promise<[number, string]> {
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}

/** fetch does not let us choose a Host. */
function withHost(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${bridge.origin}/v1/session.status`, { method: 'POST', headers: { host, authorization: `Bearer ${bridge.token}` } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end('{}');
  });
}

describe('the door', () => {
  test('health is open and says only that it lives', async () => {
    expect(await (await fetch(`${bridge.origin}/health`)).json()).toEqual({ ok: true });
  });

  test.each([
    ['no token', { authorization: '' }, [401, 'unauthorized']],
    ['a wrong token', { authorization: `Bearer ${'0'.repeat(64)}` }, [401, 'unauthorized']],
    ['a web page', { origin: 'https://example.com' }, [403, 'forbidden_origin']],
  ] as const)('%s', async (_name, headers, expected) => {
    expect(await refusal(await bridge.post('session.status', '{}', headers))).toEqual(expected);
  });

  test('another Host (DNS rebinding)', async () => {
    expect(await withHost('evil.example')).toBe(403);
    expect(await withHost(new URL(bridge.origin).host)).toBe(200);
  });
});

describe('the request', () => {
  test.each([
    ['no JSON', 'session.status', '{', [400, 'malformed_json']],
    ['an array', 'session.status', '[]', [400, 'malformed_json']],
    ['an unknown operation', 'session.explode', '{}', [404, 'unknown_operation']],
    ['an operation of the other bridge', 'newsletter.list', '{}', [404, 'unknown_operation']],
    ['a name of Object', 'constructor', '{}', [404, 'unknown_operation']],
    ['an unknown field', 'session.status', '{"more":1}', [400, 'invalid_argument']],
    ['a missing field', 'chat.pin', '{"chat":"1@lid"}', [400, 'invalid_argument']],
    ['a wrong field', 'chat.pin', '{"chat":"nobody","pinned":true}', [400, 'invalid_argument']],
    ['an operation of a bridge that is off', 'contact.blocklist', '{}', [409, 'bridge_off']],
  ] as const)('%s', async (_name, operation, body, expected) => {
    expect(await refusal(await bridge.post(operation, body))).toEqual(expected);
  });

  test('too large a body', async () => {
    expect(await refusal(await bridge.post('session.status', `"${'x'.repeat(MAX_BODY_BYTES)}"`))).toEqual([413, 'too_large']);
  });

  test('a complaint names the field, what was expected, and what came', async () => {
    const reply = await bridge.ask('history.page', { after_seq: 0, limit: 0 });
    expect(reply).toMatchObject({ ok: false, error: { message: expect.stringMatching(/"limit" is wrong.*>=1.*it was 0/) as string } });
  });

  test('status by GET, with the token', async () => {
    const response = await fetch(`${bridge.origin}/v1/status`, { headers: { authorization: `Bearer ${bridge.token}` } });
    expect(await response.json()).toMatchObject({ ok: true, result: { bridge: 'baileys', simulated: false, mode: 'off', state: 'off' } });
  });
});

/** What a bridge lets in: the same for both, seen from outside. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Bridge } from '@whatsapp-mcp/contract';
import { bridges, failures, MAX_BODY_BYTES } from '@whatsapp-mcp/contract';
import { namedWorld } from 'wa-sim';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { bridgeCommand } from '../harness/bridge-process.ts';
import type { Answer } from '../harness/bridge-process.ts';
import { System } from '../harness/system.ts';
import { verifies } from './verifies.ts';

let system: System;

beforeAll(async () => {
  system = await System.start({ world: namedWorld('empty') });
});

afterAll(() => system.close());

interface Ask {
  readonly operation?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Like fetch, but lets the caller set Host. */
async function ask(bridge: Bridge, { operation = 'session.status', headers = {}, body = '{}' }: Ask): Promise<Answer> {
  const { origin, token } = system.bridges[bridge];
  const request = httpRequest(`${origin}/v1/${operation}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
  });
  // A bridge that refuses a body by its length answers before it has read it.
  request.on('error', () => undefined);
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: JSON.parse(await text(response)) as Answer['body'] };
}

async function expectRefusal(bridge: Bridge, asked: Ask, code: keyof typeof failures): Promise<string> {
  const answer = await ask(bridge, asked);
  expect(answer.body).toMatchObject({ ok: false, error: { code } });
  expect(answer.status).toBe(failures[code].status);
  return answer.body.error?.message ?? '';
}

describe.each(bridges)('the %s bridge', (bridge) => {
  verifies(['edge.token'], 'wants its token', async () => {
    const { token } = system.bridges[bridge];
    const wrong = token.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    await expectRefusal(bridge, { headers: { authorization: '' } }, 'unauthorized');
    await expectRefusal(bridge, { headers: { authorization: `Bearer ${wrong}` } }, 'unauthorized');
    await expectRefusal(bridge, { headers: { authorization: `Basic ${token}` } }, 'unauthorized');
    expect((await ask(bridge, {})).status).toBe(200);
  });

  verifies(['edge.host'], 'answers to loopback names only', async () => {
    await expectRefusal(bridge, { headers: { host: 'evil.example' } }, 'forbidden_origin');
    await expectRefusal(bridge, { headers: { host: '127.0.0.1.evil.example' } }, 'forbidden_origin');
  });

  verifies(['edge.origin'], 'answers no browser', async () => {
    await expectRefusal(bridge, { headers: { origin: 'https://evil.example' } }, 'forbidden_origin');
    await expectRefusal(bridge, { headers: { origin: system.bridges[bridge].origin } }, 'forbidden_origin');
  });

  verifies(['edge.body'], 'reads bodies up to its limit, and only JSON', async () => {
    await expectRefusal(bridge, { body: `{"x":"${'x'.repeat(MAX_BODY_BYTES)}"}` }, 'too_large');
    await expectRefusal(bridge, { body: '{"wait_ms": ' }, 'malformed_json');
    await expectRefusal(bridge, { body: '' }, 'malformed_json');
    await expectRefusal(bridge, { body: '[]' }, 'malformed_json');
  });

  verifies(['edge.operation'], 'names what it does not know', async () => {
    expect(await expectRefusal(bridge, { operation: 'message.sing' }, 'unknown_operation')).toContain('message.sing');
    expect(await expectRefusal(bridge, { body: '{"colour":1}' }, 'invalid_argument')).toContain('colour');
    expect(await expectRefusal(bridge, { operation: 'session.pair_qr', body: '{"wait_ms":"soon"}' }, 'invalid_argument')).toContain('wait_ms');
  });

  verifies(['bridge.one-per-folder'], 'does not run twice on one data folder', async () => {
    const [command, ...args] = bridgeCommand(bridge);
    const second = spawn(command, args, {
      env: { ...process.env, WHATSAPP_DATA_DIR: system.dataDir, WHATSAPP_SIMULATOR: system.simulator.url, WHATSAPP_WHATSMEOW_PORT: '0', WHATSAPP_BAILEYS_PORT: '0' },
    });
    const [said, printed, exit] = await Promise.all([text(second.stderr), text(second.stdout), once(second, 'exit') as Promise<unknown[]>]);
    expect({ exit, printed }).toEqual({ exit: [3, null], printed: '' });
    expect(said).toContain(String(system.bridges[bridge].pid));
    expect((await ask(bridge, {})).status).toBe(200);
  });

  verifies(['bridge.stop', 'server.stdout'], 'stops when it is told to, having printed nothing', async () => {
    const running = system.bridges[bridge];
    expect(running.announced).toBe(true);
    expect(await running.stop()).toBe('exit code 0');
    expect({ announced: running.announced, stdout: running.stdout }).toEqual({ announced: false, stdout: '' });
  });
});

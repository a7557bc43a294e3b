/** The client against a real HTTP server that behaves, and misbehaves, as a bridge can. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AttemptFailure } from '../routing/attempt.ts';
import { createAddressBook } from './bridge-address.ts';
import { followEvents } from './bridge-events.ts';
import { createBridgeClient } from './bridges.ts';
import type { BridgeClient } from './bridges.ts';

let folder: string;
let client: BridgeClient;
let servers: Server[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridges-'));
  mkdirSync(join(folder, 'run'));
  writeFileSync(join(folder, 'token'), 'f00d\n');
  client = createBridgeClient(createAddressBook(folder, { whatsmeow: 0, baileys: 0 }));
  servers = [];
});

afterEach(async () => {
  await client.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  rmSync(folder, { recursive: true, force: true });
});

type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answerer): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(folder, 'run/whatsmeow.json'), JSON.stringify({ bridge: 'whatsmeow', pid: servers.length, port, started_at: 0 }));
  return server;
}

const ok = (result: object): Answerer => (_request, response) => void response.end(JSON.stringify({ ok: true, result }));
const options = () => ({ signal: new AbortController().signal, deadlineMs: 5_000 });

async function outcome(work: Promise<unknown>): Promise<AttemptFailure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AttemptFailure)) throw new Error('expected a failure of the attempt');
  return error;
}

const sendText = { to: '491511111111@s.whatsapp.net', id: '3EB0AAAAAAAAAAAAAAAAAA', text: 'x' } as const;
const sentText = { id: sendText.id, chat: sendText.to, timestamp: 1, stored: true } as const;

test('a call carries the token, the deadline and JSON, and gives the parsed result', async () => {
  let seen: IncomingMessage['headers'] = {};
  let body = '';
  await serve((request, response) => {
    seen = request.headers;
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => ok(sentText)(request, response));
  });
  expect(await client.call('whatsmeow', 'message.send_text', sendText, options())).toEqual(sentText);
  expect(seen).toMatchObject({ authorization: 'Bearer f00d', 'x-deadline-ms': '5000', 'content-type': 'application/json' });
  expect(seen.origin).toBeUndefined();
  expect(JSON.parse(body)).toEqual(sendText);
});

test('a failure of the bridge keeps its code, its message and its facts', async () => {
  const error = { code: 'ambiguous', message: 'two', details: '{"candidates":["a"]}' };
  await serve((_request, response) => void response.writeHead(409).end(JSON.stringify({ ok: false, error })));
  expect(await outcome(client.call('whatsmeow', 'group.info', { jid: '1@g.us' }, options()))).toMatchObject({ code: 'ambiguous', message: 'two', bridge: 'whatsmeow', details: { candidates: ['a'] } });
});

test('a bridge that never ran, and one that is gone, are down, and nothing was handed over', async () => {
  expect(await outcome(client.call('baileys', 'message.send_text', sendText, options()))).toMatchObject({ code: 'bridge_down', lost: false });
  const server = await serve(ok(sentText));
  server.close();
  await once(server, 'close');
  servers.pop();
  expect(await outcome(client.call('whatsmeow', 'message.send_text', sendText, options()))).toMatchObject({ code: 'bridge_down', lost: false, unreachable: true });
});

test.each([
  ['message.send_text', sendText, 'outcome_unknown'],
  ['group.info', { jid: '1@g.us' }, 'bridge_down'],
] as const)('a connection that ends without an answer: %s is lost', async (operation, input, code) => {
  await serve((request) => {
    request.resume();
    request.on('end', () => request.socket.destroy());
  });
  expect(await outcome(client.call('whatsmeow', operation, input as never, options()))).toMatchObject({ code, lost: true, unreachable: true });
});

test.each([
  ['message.send_text', sendText, 'outcome_unknown'],
  ['group.info', { jid: '1@g.us' }, 'timeout'],
] as const)('a bridge that hangs: %s', async (operation, input, code) => {
  await serve((request) => void request.resume());
  expect(await outcome(client.call('whatsmeow', operation, input as never, { ...options(), deadlineMs: 1 }))).toMatchObject({ code, unreachable: true });
});

test.each([
  ['message.send_text', sendText, 'outcome_unknown'],
  ['group.info', { jid: '1@g.us' }, 'cancelled'],
] as const)('a cancelled call ends at once and closes the connection: %s', async (operation, input, code) => {
  const stop = new AbortController();
  const closed = Promise.withResolvers<undefined>();
  await serve((request, response) => {
    response.on('close', () => {
      closed.resolve(undefined);
    });
    request.on('data', () => {
      stop.abort();
    });
  });
  expect(await outcome(client.call('whatsmeow', operation, input as never, { ...options(), signal: stop.signal }))).toMatchObject({ code });
  await closed.promise;
});

test.each([
  ['message.send_text', sendText, 'outcome_unknown'],
  ['group.info', { jid: '1@g.us' }, 'internal'],
] as const)('an answer that the contract does not know: %s', async (operation, input, code) => {
  await serve((_request, response) => void response.end('<html>'));
  expect(await outcome(client.call('whatsmeow', operation, input as never, options()))).toMatchObject({ code });
});

test('another folder’s bridge on the port is no bridge of ours', async () => {
  await serve((_request, response) => void response.writeHead(401).end(JSON.stringify({ ok: false, error: { code: 'unauthorized', message: 'no' } })));
  expect(await outcome(client.call('whatsmeow', 'message.send_text', sendText, options()))).toMatchObject({ code: 'bridge_down' });
});

test('a bridge that was started again on another port is found there', async () => {
  const first = await serve(ok(sentText));
  await client.call('whatsmeow', 'message.send_text', sendText, options());
  first.closeAllConnections();
  first.close();
  await once(first, 'close');
  servers.pop();
  await serve(ok({ ...sentText, timestamp: 2 }));
  expect(await client.call('whatsmeow', 'message.send_text', sendText, options())).toMatchObject({ timestamp: 2 });
});

test('the event stream goes on after the last event it saw, and begins anew with a new bridge process', async () => {
  const asked: (string | undefined)[] = [];
  const stream: Answerer = (request, response) => {
    asked.push(request.headers['last-event-id'] as string | undefined);
    const id = asked.length;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`id: ${id}\ndata: ${JSON.stringify({ id, type: 'stored', at: 1, chat: '1@g.us' })}\n\nid: x\ndata: nonsense\n\n`.replace('id: x\n', ''));
    response.end();
  };
  const first = await serve(stream);
  const stop = new AbortController();
  const seen: number[] = [];
  const sink = { onEvent: (_bridge: string, event: { id: number }) => void seen.push(event.id), onOpen: () => undefined, onClosed: () => undefined };
  const following = followEvents('whatsmeow', { client, sink, log: pino({ level: 'silent' }), random: () => 0 }, stop.signal);
  await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(2);
  first.closeAllConnections();
  first.close();
  await once(first, 'close');
  servers.pop();
  await serve(stream);
  await expect.poll(() => seen.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(3);
  stop.abort();
  await following;
  expect(asked.slice(0, 3)).toEqual([undefined, '1', undefined]);
});

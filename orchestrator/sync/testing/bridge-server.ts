/** A staging database behind HTTP, as the Baileys bridge serves it, for programs under test. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { files } from '@whatsapp-mcp/contract';
import type { FakeSource } from './source.ts';

type Handler = (input: Record<string, number | string>) => Promise<unknown>;

/** Listens on a free port and writes token and run file into the data folder. The caller closes it. */
export async function serveSource(dataDir: string, source: FakeSource): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(source, request).then((result) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, result })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  writeFileSync(join(dataDir, files.token), 'ab'.repeat(32), { mode: 0o600 });
  writeFileSync(join(dataDir, files.baileysRun), JSON.stringify({ bridge: 'baileys', pid: process.pid, port: address.port, started_at: 0 }));
  return server;
}

async function answer(source: FakeSource, request: IncomingMessage): Promise<unknown> {
  const handlers: Readonly<Record<string, Handler>> = {
    '/v1/history.page': ({ after_seq: after, limit }) => source.page(Number(after), Number(limit)),
    '/v1/history.acknowledge': async ({ source_uuid: uuid, seq }) => {
      await source.acknowledge(String(uuid), Number(seq));
      return { acknowledged_seq: source.acknowledged };
    },
    '/v1/session.status': async () => statusOf(source),
  };
  const body = await text(request);
  return handlers[request.url ?? '']?.(body === '' ? {} : (JSON.parse(body) as Record<string, number | string>));
}

const statusOf = (source: FakeSource) => ({
  bridge: 'baileys',
  version: '0',
  library: 'fake',
  pid: process.pid,
  simulated: true,
  mode: 'always',
  state: 'connected',
  paired: true,
  restrictions: [],
  history: { source_uuid: source.uuid, last_seq: source.rows.at(-1)?.seq ?? 0, acknowledged_seq: source.acknowledged, staged_rows: source.rows.length, pending_downloads: 0, failed_downloads: 0, chunk_gaps: 0, progress: [] },
});

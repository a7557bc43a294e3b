/** Thread of the benchmark: stores one live message every 5 ms, as the whatsmeow bridge does, and notes how long each commit took. */
import { parentPort, workerData } from 'node:worker_threads';
import { openStore } from '../../src/store/open.ts';
import { createApplier } from '../apply.ts';

const database = openStore(String(workerData), { mode: 'write' });
const applier = createApplier(database);
const times: number[] = [];
let k = 0;

const write = database.transaction((id: number) => {
  const now = Date.now();
  applier.apply(
    [{ seq: 1, chunk_id: 0, sync_type: 'LIVE', received_at: now, message: { chat: '1555999@s.whatsapp.net', id: `LIVE${id}`, from_me: false, timestamp: now, kind: 'text', text: 'live' } }],
    { now, sourceUuid: 'live' },
  );
});

const timer = setInterval(() => {
  const began = performance.now();
  write.immediate(k++);
  times.push(performance.now() - began);
}, 5);

parentPort?.once('message', () => {
  clearInterval(timer);
  database.close();
  parentPort?.postMessage(times);
});
parentPort?.postMessage('ready');

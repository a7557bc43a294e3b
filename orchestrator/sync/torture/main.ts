/** `make torture`: the long form. `main.ts [MESSAGES] [KILLS] [--acknowledge-first]` prints one JSON line; exits with 1 where anything is amiss. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { torture } from './harness.ts';

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const folder = mkdtempSync(join(tmpdir(), 'torture-'));
try {
  const result = await torture({
    folder,
    messages: Number(words[0] ?? 100_000),
    kills: Number(words[1] ?? 200),
    shortest: 100,
    longest: 600,
    random: Math.random,
    acknowledgeFirst: process.argv.includes('--acknowledge-first'),
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  const amiss = result.missing + result.doubled + result.wrong + result.waiting + result.defects.length;
  process.exitCode = amiss === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

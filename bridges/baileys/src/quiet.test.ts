import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** libsignal's record of a session; it logs the session that it closes. */
const CLOSES_A_SESSION = `
  const { default: SessionRecord } = await import('libsignal/src/session_record.js');
  const record = new SessionRecord();
  const session = SessionRecord.createEntry();
  session.indexInfo = { baseKey: Buffer.from('base'), closed: -1, baseKeyType: 1 };
  session.currentRatchet = { ephemeralKeyPair: { privKey: Buffer.from('very private') } };
  record.closeSession(session);
`;

const inChild = (before: string) => run(process.execPath, ['--input-type=module', '--eval', `${before}${CLOSES_A_SESSION}`], { cwd: import.meta.dirname });

test('libsignal tells private keys to a console, which this process takes away', async () => {
  const loud = await inChild('');
  expect(`${loud.stdout}${loud.stderr}`).toContain('privKey');
  const quiet = await inChild(`await import(${JSON.stringify(join(import.meta.dirname, 'quiet.ts'))});`);
  expect(quiet).toMatchObject({ stdout: '', stderr: expect.not.stringContaining('privKey') as string });
});

import type { SignalKeyStoreWithTransaction, SignalRepositoryWithLIDStore } from '@whiskeysockets/baileys';
import { proto } from '@whiskeysockets/baileys';
import pino from 'pino';
import { expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Staging } from '../history/staging.ts';
import { Capture } from './capture.ts';

const me = { id: '15550001:2@s.whatsapp.net', lid: '99001:2@lid' };

/** Padded as WhatsApp pads: n bytes of value n. */
const plaintext = (message: proto.IMessage): Uint8Array => Buffer.concat([proto.Message.encode(message).finish(), Uint8Array.of(1)]);

test.each([
  ['saved: the ratchet advances after it', false, ['locked 15550002@s.whatsapp.net', 'committed over 1 row']],
  ['not saved: the ratchet stays', true, ['locked 15550002@s.whatsapp.net', 'rolled back']],
])('a message is staged before the key that reads it is gone (%s)', async (_, fails, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'capture-'));
  const staging = new Staging(join(folder, 'staging.db'), () => 1_700_000_000_000);
  const seen: string[] = [];
  const keys = {
    async transaction(work: () => Promise<unknown>, key: string) {
      seen.push(`locked ${key}`);
      try {
        const result = await work();
        seen.push(`committed over ${staging.countRows()} row`);
        return result;
      } catch (error) {
        seen.push('rolled back');
        throw error;
      }
    },
  } as unknown as SignalKeyStoreWithTransaction;
  const repository = { decryptMessage: async () => plaintext({ conversation: 'hello' }) } as unknown as SignalRepositoryWithLIDStore;
  const capture = new Capture({ staging, log: pino({ enabled: false }), now: () => 0, me: () => me, onNotification: () => undefined, onStaged: () => undefined });
  const ciphertext = Uint8Array.of(1, 2, 3);
  capture.seeStanza({ tag: 'message', attrs: { from: '15550002@s.whatsapp.net', id: 'A1', t: '1700000000' }, content: [{ tag: 'enc', attrs: {}, content: ciphertext }] });
  if (fails) staging.db.exec('DROP TABLE staged');
  const decrypted = capture.wrap(repository, keys).decryptMessage({ jid: '15550002@s.whatsapp.net', type: 'msg', ciphertext });
  await (fails ? expect(decrypted).rejects.toThrow('staged') : expect(decrypted).resolves.toBeInstanceOf(Uint8Array));
  expect(seen).toEqual(expected);
  staging.db.close();
  rmSync(folder, { recursive: true });
});

/** baileys_auth.db: credentials and Signal keys of the linked device, each change in one durable transaction. */
import type { AuthenticationCreds, SignalDataSet, SignalDataTypeMap, SignalKeyStore } from '@whiskeysockets/baileys';
import { BufferJSON, initAuthCreds, proto } from '@whiskeysockets/baileys';
import type { Db } from '../sqlite.ts';
import { openDb } from '../sqlite.ts';

const schema = [
  `
  CREATE TABLE creds (only INTEGER PRIMARY KEY CHECK (only = 1), value TEXT NOT NULL) STRICT;
  CREATE TABLE signal_key (type TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (type, id)) STRICT, WITHOUT ROWID;
  `,
];

const encode = (value: unknown): string => JSON.stringify(value, BufferJSON.replacer);
const decode = (text: string): unknown => JSON.parse(text, BufferJSON.reviver);

export class KeyStore {
  readonly #db: Db;
  /** Baileys changes this object in place; `save` writes it. */
  creds: AuthenticationCreds;

  constructor(file: string) {
    this.#db = openDb(file, schema);
    const stored = this.#db.prepare<[], string>('SELECT value FROM creds').pluck().get();
    this.creds = stored === undefined ? initAuthCreds() : (decode(stored) as AuthenticationCreds);
  }

  /** Whether a phone has accepted this device. A pairing code alone already names an account, but signs nothing. */
  get paired(): boolean {
    return this.creds.account != null && this.creds.me?.id !== undefined;
  }

  save(): void {
    this.#db.prepare('INSERT INTO creds (only, value) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET value = excluded.value').run(encode(this.creds));
  }

  /** Forgets the device: the next one is new. */
  forget(): void {
    this.#db
      .transaction(() => {
        this.#db.exec('DELETE FROM creds; DELETE FROM signal_key');
      })
      .immediate();
    this.creds = initAuthCreds();
  }

  signalKeys(): SignalKeyStore {
    const select = this.#db.prepare<[string, string], string>('SELECT value FROM signal_key WHERE type = ? AND id = ?').pluck();
    return {
      get: async (type, ids) => {
        const found = ids.map((id) => [id, select.get(type, id)] as const).filter(([, text]) => text !== undefined);
        return Object.fromEntries(found.map(([id, text]) => [id, revive(type, decode(text ?? 'null'))])) as Record<string, never>;
      },
      set: async (data) => this.#write(data),
      clear: async () => {
        this.#db.exec('DELETE FROM signal_key');
      },
    };
  }

  #write(data: SignalDataSet): void {
    const put = this.#db.prepare(
      'INSERT INTO signal_key (type, id, value) VALUES (?, ?, ?) ON CONFLICT (type, id) DO UPDATE SET value = excluded.value',
    );
    const remove = this.#db.prepare('DELETE FROM signal_key WHERE type = ? AND id = ?');
    this.#db
      .transaction(() => {
        for (const [type, values] of Object.entries(data)) {
          for (const [id, value] of Object.entries(values as Record<string, unknown>)) {
            if (value == null) remove.run(type, id);
            else put.run(type, id, encode(value));
          }
        }
      })
      .immediate();
  }

  close(): void {
    this.#db.close();
  }
}

/** App-state keys are protobuf objects, which JSON does not bring back by itself. */
function revive(type: keyof SignalDataTypeMap, value: unknown): unknown {
  return type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value as Record<string, unknown>) : value;
}

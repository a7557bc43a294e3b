import type { AuthenticationState, BaileysEventMap, ConnectionState, SignalDataTypeMap, UserFacingSocketConfig, WASocket } from '@whiskeysockets/baileys';
import type { Simulator } from '../src/index.ts';

/** libsignal writes whole sessions to the console, so it must be silent before Baileys is loaded. */
async function loadBaileys() {
  for (const method of ['log', 'info', 'warn', 'error'] as const) globalThis.console[method] = () => undefined;
  return import('@whiskeysockets/baileys');
}

const silent = () => undefined;
const logger = {
  level: 'silent',
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  child: () => logger,
};

type Heard = { [Name in keyof BaileysEventMap]: { name: Name; data: BaileysEventMap[Name] } }[keyof BaileysEventMap];

/** The real Baileys, linked to the simulator; it connects again where an application would. */
export class BaileysClient {
  readonly heard: Heard[] = [];
  socket: WASocket | undefined;
  private readonly simulator: Simulator;
  private readonly listeners = new Set<() => void>();
  private stopped = false;
  private auth: AuthenticationState | undefined;
  private readonly overrides: Partial<UserFacingSocketConfig>;

  constructor(simulator: Simulator, overrides: Partial<UserFacingSocketConfig> = {}) {
    this.simulator = simulator;
    this.overrides = overrides;
  }

  /** Opens the connection; after a 515 it opens another, as Baileys asks of its users. */
  async connect(): Promise<void> {
    const baileys = await loadBaileys();
    baileys.WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(this.simulator.noiseRoot);
    this.auth ??= { creds: baileys.initAuthCreds(), keys: memoryKeys() };
    const { creds } = this.auth;
    const socket = baileys.makeWASocket({ auth: this.auth, logger, waWebSocketUrl: this.simulator.url, ...this.overrides });
    this.socket = socket;
    this.stopped = false;
    socket.ev.process(async (events) => {
      if (events['creds.update'] !== undefined) Object.assign(creds, events['creds.update']);
      for (const [name, data] of Object.entries(events)) this.heard.push({ name, data } as Heard);
      for (const listener of [...this.listeners]) listener();
      const closed = closeCodeOf(events['connection.update']);
      if (closed === baileys.DisconnectReason.restartRequired && !this.stopped) await this.connect();
    });
  }

  /** Resolves with the data of the first event that fits, past or future. */
  async hear<Name extends keyof BaileysEventMap>(
    name: Name,
    fits: (data: BaileysEventMap[Name]) => boolean = () => true,
    timeoutMs = 15_000,
  ): Promise<BaileysEventMap[Name]> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.heard.find((event) => event.name === name && fits(event.data as BaileysEventMap[Name]));
        if (found === undefined) return;
        done();
        resolve(found.data as BaileysEventMap[Name]);
      };
      const timer = setTimeout(() => {
        done();
        const names = this.heard.map((event) => event.name).join(' ');
        reject(new Error(`Baileys did not say ${name} within ${timeoutMs} ms; it said: ${names}`));
      }, timeoutMs);
      const done = () => {
        clearTimeout(timer);
        this.listeners.delete(look);
      };
      this.listeners.add(look);
      look();
    });
  }

  /** Shows its QR code, which a phone can scan. */
  async qr(): Promise<string> {
    const { qr } = await this.hear('connection.update', (update) => update.qr !== undefined);
    return qr ?? '';
  }

  /** Links to a phone by QR code and waits until the connection is open. */
  async link(phone: Simulator['owner']): Promise<void> {
    await this.connect();
    await phone.scanQr(await this.qr());
    await this.opened();
  }

  opened(): Promise<Partial<ConnectionState>> {
    return this.hear('connection.update', (update) => update.connection === 'open');
  }

  /** All messages it was given, as pairs of id and text. */
  texts(): { id: string; text: string | undefined; fromMe: boolean }[] {
    return this.heard.flatMap((event) =>
      event.name !== 'messages.upsert'
        ? []
        : event.data.messages.map(({ key, message }) => ({
            id: key.id ?? '',
            fromMe: key.fromMe ?? false,
            text: message?.conversation ?? message?.extendedTextMessage?.text ?? undefined,
          })),
    );
  }

  async hearText(text: string): Promise<void> {
    await this.hear('messages.upsert', () => this.texts().some((message) => message.text === text));
  }

  /** Forgets what it heard, so that only new events are found. */
  forget(): void {
    this.heard.length = 0;
  }

  /** Disconnects; `connect` comes back with the same credentials. */
  stop(): void {
    this.stopped = true;
    void this.socket?.end(undefined);
  }
}

function closeCodeOf(update: Partial<ConnectionState> | undefined): number | undefined {
  const error = update?.lastDisconnect?.error as { output?: { statusCode?: number } } | undefined;
  return update?.connection === 'close' ? error?.output?.statusCode : undefined;
}

/** The Signal keys of a client, by type and id. */
function memoryKeys(): AuthenticationState['keys'] {
  const stored = new Map<string, unknown>();
  return {
    get: (type, ids) => {
      const found = ids.filter((id) => stored.has(`${type} ${id}`)).map((id) => [id, stored.get(`${type} ${id}`)]);
      return Object.fromEntries(found) as Record<string, SignalDataTypeMap[typeof type]>;
    },
    set: (data) => {
      for (const [type, values] of Object.entries(data)) {
        for (const [id, value] of Object.entries(values)) {
          if (value === null) stored.delete(`${type} ${id}`);
          else stored.set(`${type} ${id}`, value);
        }
      }
    },
  };
}

/** Servers (the part after the `@`) that WhatsApp addresses people, groups and services on. */
export const SERVERS = {
  user: 's.whatsapp.net',
  lid: 'lid',
  group: 'g.us',
  broadcast: 'broadcast',
  newsletter: 'newsletter',
  call: 'call',
  legacyUser: 'c.us',
  hosted: 'hosted',
  hostedLid: 'hosted.lid',
  bot: 'bot',
  msgr: 'msgr',
  interop: 'interop',
} as const;

/** A text that was to be an address is none. */
export class InvalidJid extends TypeError {
  override readonly name = 'InvalidJid';
}

/**
 * An address on the wire. It is a class, not a string, because the binary format has its own
 * encoding for addresses and whatsmeow tells an attribute that is one from a text that looks like
 * one (whatsmeow binary/attrs.go: GetJID, GetString).
 */
export class Jid {
  readonly user: string;
  readonly server: string;
  /** 0 is the phone, 1 to 255 are linked devices. */
  readonly device: number;

  constructor(user: string, server: string, device = 0) {
    if (user.includes('@') || server.includes('@')) {
      // whatsmeow panics in a goroutine on such an address (binary/decoder.go: readJIDPair).
      throw new InvalidJid(`a JID is user@server with one "@": got user "${user}", server "${server}"`);
    }
    this.user = user;
    this.server = server;
    this.device = device;
  }

  /** Parses `user@server`, `user:device@server` or `@server`; throws InvalidJid on anything else. */
  static parse(text: string): Jid {
    const jid = Jid.tryParse(text);
    if (jid === undefined) {
      throw new InvalidJid(`"${text}" is not a JID: expected user@server, for example 15550100@s.whatsapp.net`);
    }
    return jid;
  }

  /** As `parse`, but undefined where the text is not an address. */
  static tryParse(text: string): Jid | undefined {
    const match = /^([^@:]*)(?::(\d{1,3}))?@([a-z0-9.]+)$/.exec(text);
    if (match === null) return undefined;
    const [, user = '', device = '0', server = ''] = match;
    return Number(device) > 255 ? undefined : new Jid(user, server, Number(device));
  }

  /** The same person or group, without the device. */
  get bare(): Jid {
    return this.device === 0 ? this : new Jid(this.user, this.server);
  }

  /** The same person at one device. */
  at(device: number): Jid {
    return new Jid(this.user, this.server, device);
  }

  equals(other: Jid): boolean {
    return this.user === other.user && this.server === other.server && this.device === other.device;
  }

  toString(): string {
    return `${this.user}${this.device === 0 ? '' : `:${this.device}`}@${this.server}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The server itself: an empty user. Sent as the text `s.whatsapp.net`, whatsmeow ignores the stanza (pair.go: handleIQ). */
export const SERVER_JID = new Jid('', SERVERS.user);
/** Where group requests go that name no group. */
export const GROUP_SERVER_JID = new Jid('', SERVERS.group);
/** The address of status posts ("stories"). */
export const STATUS_JID = new Jid('status', SERVERS.broadcast);

/** A phone-number JID from its digits. */
export function pnJid(digits: string, device = 0): Jid {
  return new Jid(digits, SERVERS.user, device);
}

/** A hidden-id JID from its digits. */
export function lidJid(digits: string, device = 0): Jid {
  return new Jid(digits, SERVERS.lid, device);
}

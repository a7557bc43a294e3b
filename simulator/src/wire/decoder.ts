import { inflateSync } from 'node:zlib';
import { Jid, SERVERS } from './jid.ts';
import type { Attribute, BinaryNode, Content } from './node.ts';
import { doubleToken, singleToken, TAGS } from './tokens.ts';

/** Largest stanza after inflating: what one frame may carry uncompressed. */
const MAX_STANZA_BYTES = 1 << 24;
/** Deeper than anything WhatsApp sends; stops a hostile frame before the stack does. */
const MAX_DEPTH = 32;
/** Bit of the leading flag byte that says the rest is zlib. */
const FLAG_COMPRESSED = 2;
const NIBBLES = '0123456789-.';
const HEXES = '0123456789ABCDEF';
const SERVER_OF_DOMAIN: Readonly<Record<number, string>> = {
  0: SERVERS.user,
  1: SERVERS.lid,
  128: SERVERS.hosted,
  129: SERVERS.hostedLid,
};

/** What came is not a stanza. The connection that sent it cannot be trusted to be in step any more. */
export class MalformedStanza extends Error {
  override readonly name = 'MalformedStanza';
}

/** Decodes a decrypted frame: one flag byte, then a node. Throws MalformedStanza. */
export function decodeFrame(frame: Uint8Array): BinaryNode {
  const flags = frame[0];
  if (flags === undefined) throw new MalformedStanza('expected a flag byte and a node, got an empty frame');
  const body = frame.subarray(1);
  return decodeNode((flags & FLAG_COMPRESSED) === 0 ? body : inflate(body));
}

/** Decodes a node without the flag byte. Throws MalformedStanza. */
export function decodeNode(body: Uint8Array): BinaryNode {
  return new Reader(body).node(0);
}

function inflate(body: Uint8Array): Uint8Array {
  try {
    return inflateSync(body, { maxOutputLength: MAX_STANZA_BYTES });
  } catch (error) {
    throw new MalformedStanza('expected zlib data after flag 2', { cause: error });
  }
}

class Reader {
  private readonly data: Uint8Array;
  private at = 0;

  constructor(data: Uint8Array) {
    this.data = data;
  }

  node(depth: number): BinaryNode {
    if (depth > MAX_DEPTH) throw new MalformedStanza(`nodes are nested deeper than ${MAX_DEPTH}`);
    const size = this.listSize(this.byte());
    const tag = this.requiredText('a tag');
    if (size === 0 || tag === '') throw new MalformedStanza('expected a node, got an empty list');
    const attrs: Record<string, Attribute> = {};
    for (let left = (size - 1) >> 1; left > 0; left -= 1) {
      const name = this.requiredText('an attribute name');
      attrs[name] = this.attribute() ?? '';
    }
    return { tag, attrs, content: size % 2 === 0 ? this.content(depth) : undefined };
  }

  private content(depth: number): Content {
    const tag = this.byte();
    if (tag === TAGS.listEmpty) return [];
    if (tag !== TAGS.list8 && tag !== TAGS.list16) {
      const length = this.binaryLength(tag);
      return length === undefined ? Buffer.from(String(this.attributeOf(tag) ?? ''), 'utf8') : this.raw(length);
    }
    const nodes: BinaryNode[] = [];
    for (let left = this.listSize(tag); left > 0; left -= 1) nodes.push(this.node(depth + 1));
    return nodes;
  }

  private requiredText(what: string): string {
    const value = this.attribute();
    if (typeof value !== 'string') throw new MalformedStanza(`expected ${what} as text at byte ${this.at}`);
    return value;
  }

  private attribute(): Attribute | undefined {
    return this.attributeOf(this.byte());
  }

  private attributeOf(tag: number): Attribute | undefined {
    if (tag === TAGS.listEmpty) return undefined;
    const length = this.binaryLength(tag);
    if (length !== undefined) return Buffer.from(this.raw(length)).toString('utf8');
    const special = this.specials[tag];
    if (special !== undefined) return special();
    const inDictionary = tag >= TAGS.dictionary0 && tag <= TAGS.dictionary3;
    const token = inDictionary ? doubleToken(tag - TAGS.dictionary0, this.byte()) : singleToken(tag);
    if (token === undefined) throw new MalformedStanza(`unknown token ${tag} at byte ${this.at}`);
    return token;
  }

  private readonly specials: Readonly<Record<number, () => Attribute>> = {
    [TAGS.nibble8]: () => this.packed(NIBBLES),
    [TAGS.hex8]: () => this.packed(HEXES),
    [TAGS.jidPair]: () => {
      const user = this.attribute() ?? '';
      return this.makeJid(user.toString(), this.requiredText('the server of a JID'), 0);
    },
    [TAGS.adJid]: () => {
      const server = SERVER_OF_DOMAIN[this.byte()];
      const device = this.byte();
      if (server === undefined) throw new MalformedStanza(`unknown JID domain at byte ${this.at}`);
      return this.makeJid(this.requiredText('the user of a JID'), server, device);
    },
    [TAGS.fbJid]: () => {
      const user = this.requiredText('the user of a JID');
      const device = this.int(2);
      return this.makeJid(user, this.requiredText('the server of a JID'), device);
    },
    [TAGS.interopJid]: () => {
      const user = this.requiredText('the user of a JID');
      const device = this.int(2);
      this.int(2);
      return this.makeJid(user, this.requiredText('the server of a JID'), device);
    },
  };

  private makeJid(user: string, server: string, device: number): Attribute {
    // Baileys writes every text with an "@" as an address, names of people too
    // (WABinary/encode.js: writeString): what does not parse as one was meant as text.
    const text = `${user}@${server}`;
    const parsed = Jid.tryParse(text);
    return parsed === undefined || device === 0 ? (parsed ?? text) : parsed.at(device);
  }

  private packed(alphabet: string): string {
    const head = this.byte();
    let text = '';
    for (const packed of this.raw(head & 127)) {
      text += alphabet.charAt(packed >> 4) + alphabet.charAt(packed & 15);
    }
    // A nibble of 15 is padding: outside the nibble alphabet (already empty), "F" in hex.
    return (head & 128) !== 0 && alphabet === HEXES ? text.slice(0, -1) : text;
  }

  private binaryLength(tag: number): number | undefined {
    if (tag === TAGS.binary8) return this.byte();
    if (tag === TAGS.binary20) return this.int(3) & 0xfffff;
    if (tag === TAGS.binary32) return this.int(4);
    return undefined;
  }

  private listSize(tag: number): number {
    if (tag === TAGS.listEmpty) return 0;
    if (tag === TAGS.list8) return this.byte();
    if (tag === TAGS.list16) return this.int(2);
    throw new MalformedStanza(`expected a list at byte ${this.at}, got tag ${tag}`);
  }

  private byte(): number {
    const value = this.data[this.at];
    if (value === undefined) throw new MalformedStanza(`the stanza ends early, at byte ${this.at}`);
    this.at += 1;
    return value;
  }

  private int(size: number): number {
    let value = 0;
    for (let left = size; left > 0; left -= 1) value = value * 256 + this.byte();
    return value;
  }

  private raw(length: number): Uint8Array {
    if (this.at + length > this.data.length) throw new MalformedStanza(`the stanza ends early, at byte ${this.at}`);
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }
}

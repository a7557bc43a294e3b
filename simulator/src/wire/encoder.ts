import { Jid, SERVERS } from './jid.ts';
import type { Attribute, BinaryNode } from './node.ts';
import { TAGS, TOKEN_BYTES } from './tokens.ts';

/** Longest text that is packed two characters a byte. */
const PACKED_MAX = 127;
const NIBBLE_ALPHABET = '0123456789-.';
const HEX_ALPHABET = '0123456789ABCDEF';
/** Fills the second half of the last byte of a packed text of odd length. */
const PACKED_PADDING = 15;
/** Domain byte of an address with a device (whatsmeow types/jid.go: ActualAgent). */
const DOMAINS: Readonly<Record<string, number>> = {
  [SERVERS.user]: 0,
  [SERVERS.lid]: 1,
  [SERVERS.hosted]: 128,
  [SERVERS.hostedLid]: 129,
};

/** Encodes a stanza without the leading flag byte. Large contents are not copied until the end. */
export function encodeNode(root: BinaryNode): Uint8Array {
  const writer = new Writer();
  writer.node(root);
  return writer.finish();
}

class Writer {
  private readonly chunks: Uint8Array[] = [];
  private small: number[] = [];

  finish(): Uint8Array {
    this.flush();
    return Buffer.concat(this.chunks);
  }

  node({ tag, attrs, content }: BinaryNode): void {
    const entries = Object.entries(attrs);
    this.listStart(2 * entries.length + 1 + (content === undefined ? 0 : 1));
    this.text(tag);
    for (const [name, value] of entries) {
      this.text(name);
      this.attribute(value);
    }
    if (content === undefined) return;
    if (content instanceof Uint8Array) {
      this.bytes(content);
      return;
    }
    this.listStart(content.length);
    for (const inner of content) this.node(inner);
  }

  private attribute(value: Attribute): void {
    if (value instanceof Jid) this.jid(value);
    else this.text(value);
  }

  private jid(jid: Jid): void {
    const domain = DOMAINS[jid.server];
    if (jid.device !== 0 && domain !== undefined) {
      this.small.push(TAGS.adJid, domain, jid.device);
      this.text(jid.user);
      return;
    }
    this.small.push(TAGS.jidPair);
    if (jid.user === '') this.small.push(TAGS.listEmpty);
    else this.text(jid.user);
    this.text(jid.server);
  }

  private text(value: string): void {
    const token = TOKEN_BYTES.get(value);
    if (token !== undefined) this.small.push(...token);
    else if (isPackable(value, NIBBLE_ALPHABET)) this.packed(TAGS.nibble8, value, NIBBLE_ALPHABET);
    else if (isPackable(value, HEX_ALPHABET)) this.packed(TAGS.hex8, value, HEX_ALPHABET);
    else this.bytes(Buffer.from(value, 'utf8'));
  }

  private packed(tag: number, value: string, alphabet: string): void {
    const odd = value.length % 2;
    this.small.push(tag, (odd << 7) | Math.ceil(value.length / 2));
    for (let at = 0; at < value.length; at += 2) {
      const high = alphabet.indexOf(value.charAt(at));
      const low = at + 1 < value.length ? alphabet.indexOf(value.charAt(at + 1)) : PACKED_PADDING;
      this.small.push((high << 4) | low);
    }
  }

  private bytes(value: Uint8Array): void {
    const size = value.length;
    if (size < 256) this.small.push(TAGS.binary8, size);
    else if (size < 1 << 20) this.small.push(TAGS.binary20, size >> 16, (size >> 8) & 255, size & 255);
    else this.small.push(TAGS.binary32, size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255);
    this.flush();
    this.chunks.push(value);
  }

  private listStart(size: number): void {
    if (size === 0) this.small.push(TAGS.listEmpty);
    else if (size < 256) this.small.push(TAGS.list8, size);
    else this.small.push(TAGS.list16, size >> 8, size & 255);
  }

  private flush(): void {
    if (this.small.length === 0) return;
    this.chunks.push(Uint8Array.from(this.small));
    this.small = [];
  }
}

function isPackable(value: string, alphabet: string): boolean {
  if (value === '' || value.length > PACKED_MAX) return false;
  for (let at = 0; at < value.length; at += 1) {
    if (!alphabet.includes(value.charAt(at))) return false;
  }
  return true;
}

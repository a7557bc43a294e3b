import { Jid } from './jid.ts';

/** An attribute as it stands on the wire: a text, or an address in its own encoding. */
export type Attribute = string | Jid;
export type Attributes = Readonly<Record<string, Attribute>>;
/** Bytes, child nodes, or nothing. Text content is bytes too: clients read it as bytes only. */
export type Content = Uint8Array | readonly BinaryNode[] | undefined;

/** One stanza or element of the binary XML that WhatsApp speaks. */
export interface BinaryNode {
  readonly tag: string;
  readonly attrs: Attributes;
  readonly content: Content;
}

type LooseAttributes = Readonly<Record<string, Attribute | number | undefined>>;

/**
 * Builds a node. Numbers become text, attributes that are undefined are left out, and text content
 * becomes UTF-8 bytes (a token there is not bytes for whatsmeow).
 */
export function node(tag: string, attrs: LooseAttributes = {}, content?: Content | string): BinaryNode {
  const kept: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== undefined) kept[name] = typeof value === 'number' ? String(value) : value;
  }
  return { tag, attrs: kept, content: typeof content === 'string' ? Buffer.from(content, 'utf8') : content };
}

/** The children of a node; none where the content is bytes. */
export function children(parent: BinaryNode | undefined, tag?: string): readonly BinaryNode[] {
  const content = parent?.content;
  if (content === undefined || content instanceof Uint8Array) return [];
  return tag === undefined ? content : content.filter((child) => child.tag === tag);
}

/** The first child with this tag, or the first child at all. */
export function child(parent: BinaryNode | undefined, tag?: string): BinaryNode | undefined {
  return tag === undefined ? children(parent)[0] : children(parent).find((candidate) => candidate.tag === tag);
}

/** Walks down by tags: `descend(iq, 'pair-success', 'device')`. */
export function descend(parent: BinaryNode, ...tags: readonly string[]): BinaryNode | undefined {
  let at: BinaryNode | undefined = parent;
  for (const tag of tags) at = child(at, tag);
  return at;
}

/** The bytes of a node; empty where it has none. */
export function bytesOf(of: BinaryNode | undefined): Uint8Array {
  return of?.content instanceof Uint8Array ? of.content : new Uint8Array(0);
}

/** The bytes of a node as UTF-8. */
export function textOf(of: BinaryNode | undefined): string {
  return Buffer.from(bytesOf(of)).toString('utf8');
}

/** An attribute as text, whichever way it came; undefined where it is missing. */
export function attr(of: BinaryNode | undefined, name: string): string | undefined {
  return of?.attrs[name]?.toString();
}

/** An attribute as an address; undefined where it is missing or not one. */
export function jidAttr(of: BinaryNode | undefined, name: string): Jid | undefined {
  const value = of?.attrs[name];
  return typeof value === 'string' ? Jid.tryParse(value) : value;
}

/** A copy with other or more attributes; undefined removes one. */
export function withAttrs(of: BinaryNode, attrs: LooseAttributes): BinaryNode {
  return node(of.tag, { ...of.attrs, ...attrs }, of.content);
}

/** A stanza as XML for people (logs, failures of tests); bytes appear as their length only. */
export function describe(of: BinaryNode): string {
  const attrs = Object.entries(of.attrs).map(([name, value]) => ` ${name}="${value.toString()}"`).join('');
  if (of.content === undefined) return `<${of.tag}${attrs}/>`;
  const inner = of.content instanceof Uint8Array ? `[${of.content.length} bytes]` : of.content.map(describe).join('');
  return `<${of.tag}${attrs}>${inner}</${of.tag}>`;
}

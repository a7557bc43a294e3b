import type { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { SERVER_JID } from '../wire/jid.ts';
import { attr, child, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';

/** One request of a device. */
export interface IqRequest {
  readonly exchange: Exchange;
  readonly from: Device;
  readonly iq: BinaryNode;
  /** The first child: what the request is about. */
  readonly child: BinaryNode | undefined;
}

/** The children of the result; none for an empty one. */
export type IqAnswer = readonly BinaryNode[];

/** One request that a topic answers. */
export interface IqRow {
  readonly xmlns: string;
  readonly type: 'get' | 'set';
  /** Tag of the first child; left out, the row takes every other child of this namespace. */
  readonly tag?: string;
  readonly answer: (request: IqRequest) => IqAnswer;
}

/** The server says no; the client sees `<error code text/>`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

/** The server says nothing: the client waits until it gives up. */
export class Silence extends Error {
  override readonly name = 'Silence';
}

/** Answers requests from a table; what no row knows gets an empty result, so that no client waits. */
export class IqRouter {
  private readonly rows = new Map<string, IqRow>();

  constructor(rows: readonly IqRow[]) {
    for (const row of rows) {
      const key = keyOf(row.xmlns, row.type, row.tag ?? '*');
      if (this.rows.has(key)) throw new Error(`two topics answer ${key}`);
      this.rows.set(key, row);
    }
  }

  /** Undefined where the request stays without an answer. */
  answer(request: IqRequest): BinaryNode | undefined {
    const { iq, exchange, from } = request;
    const row = this.find(iq);
    if (row === undefined) {
      exchange.watch.emit('unknownRequest', { from, iq });
      return resultOf(iq, []);
    }
    try {
      return resultOf(iq, row.answer(request));
    } catch (error) {
      if (error instanceof Silence) return undefined;
      if (error instanceof Refusal) return errorOf(iq, error.code, error.message);
      throw error;
    }
  }

  private find(iq: BinaryNode): IqRow | undefined {
    const [xmlns, type] = [attr(iq, 'xmlns') ?? '', attr(iq, 'type') ?? ''];
    const tag = child(iq)?.tag ?? '';
    return this.rows.get(keyOf(xmlns, type, tag)) ?? this.rows.get(keyOf(xmlns, type, '*'));
  }
}

/** `<iq type=result>` to a request. */
export function resultOf(iq: BinaryNode, content: IqAnswer): BinaryNode {
  return node('iq', { from: iq.attrs['to'] ?? SERVER_JID, id: attr(iq, 'id'), type: 'result' }, content.length === 0 ? undefined : content);
}

/** `<iq type=error>` to a request; whatsmeow maps the codes of errors.go, Baileys shows the text. */
export function errorOf(iq: BinaryNode, code: number, text: string): BinaryNode {
  const from = iq.attrs['to'] ?? SERVER_JID;
  return node('iq', { from, id: attr(iq, 'id'), type: 'error' }, [node('error', { code, text })]);
}

function keyOf(xmlns: string, type: string, tag: string): string {
  return `${xmlns} ${type} ${tag}`;
}

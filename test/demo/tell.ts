/** How the demo shows what tools answer. */

export interface ShownMessage {
  readonly id: string;
  readonly chat_name: string;
  readonly chat_jid: string;
  readonly sender_name: string;
  readonly timestamp: string;
  readonly kind: string;
  readonly text?: string;
  readonly snippet?: string;
  readonly revoked?: true;
}

export interface ShownChat {
  readonly jid: string;
  readonly name: string;
}

const WIDTH = 76;

const cut = (text: string): string => (text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`);

const what = ({ kind, text, snippet, revoked }: Pick<ShownMessage, 'kind' | 'text' | 'snippet' | 'revoked'>): string =>
  revoked === true ? '(deleted)' : (text ?? snippet ?? `(${kind})`).replaceAll('\n', ' ');

/** `20 Nov 17:48  Ömer: Façade recalculated …` */
export function messageLine(message: ShownMessage): string {
  const [date = '', time = ''] = message.timestamp.split('T');
  return cut(`${date} ${time.slice(0, 5)}  ${message.sender_name}: ${what(message)}`);
}

/** Forms of an exported chat, each as the text before, for and after messages. Pure. */
import type { ChatView } from '../../store/chat-view.ts';
import type { MessageView } from '../../store/message-view.ts';

export interface ExportFormat {
  readonly extension: string;
  /** Whether it points to files in the folder media beside it. */
  readonly linksFiles: boolean;
  head(chat: ChatView, exportedAt: string): string;
  message(message: MessageView, first: boolean): string;
  tail(): string;
}

export const formats = {
  jsonl: { extension: 'jsonl', linksFiles: false, head: () => '', message: (message) => `${JSON.stringify(message)}\n`, tail: () => '' },
  json: {
    extension: 'json',
    linksFiles: false,
    head: (chat, exportedAt) => `{"exported_at":${JSON.stringify(exportedAt)},"chat":${JSON.stringify(chat)},"messages":[`,
    message: (message, first) => `${first ? '' : ','}\n${JSON.stringify(message)}`,
    tail: () => '\n]}\n',
  },
  txt: {
    extension: 'txt',
    linksFiles: true,
    head: (chat, exportedAt) => `${chat.name} (${chat.jid}), exported ${exportedAt}\n\n`,
    message: (message) => `[${message.timestamp.replace('T', ' ')}] ${message.sender_name}: ${lines(message).join('\n').replaceAll('\n', '\n    ')}\n`,
    tail: () => '',
  },
  html: { extension: 'html', linksFiles: true, head: htmlHead, message: htmlMessage, tail: () => '</main></body></html>\n' },
} as const satisfies Record<string, ExportFormat>;

export type FormatName = keyof typeof formats;

/** What a message says, in words. */
function lines(message: MessageView): string[] {
  const { media, quoted, reactions = [] } = message;
  if (message.revoked === true) return ['(deleted for everyone)'];
  return [
    ...(quoted === undefined ? [] : [`> ${quoted.sender_name ?? ''}: ${quoted.text ?? ''}`]),
    ...(media === undefined ? [] : [`(${media.type}${media.filename === undefined ? '' : ` ${media.filename}`}${media.local_path === undefined ? '' : `, file media/${basename(media.local_path)}`})`]),
    ...(media === undefined && message.kind !== 'text' ? [`(${message.kind})`] : []),
    ...(message.text === undefined ? [] : [message.text]),
    ...(message.edited === true ? ['(edited)'] : []),
    ...(reactions.length === 0 ? [] : [reactions.map(({ emoji, count }) => `${emoji} ${count}`).join('  ')]),
  ];
}

/** Nothing of a message can run or load anything: no script, no remote address, all text escaped and its direction isolated. */
function htmlHead(chat: ChatView, exportedAt: string): string {
  return `<!doctype html><html lang="und"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'">
<meta name="viewport" content="width=device-width"><title>${escaped(chat.name)}</title>
<style>body{font:15px/1.4 system-ui,sans-serif;margin:0;background:#efeae2;color:#111}header,main{max-width:44rem;margin:auto;padding:1rem}
article{background:#fff;border-radius:.5rem;padding:.5rem .75rem;margin:.4rem 20% .4rem 0;overflow-wrap:anywhere}article.me{background:#d9fdd3;margin:.4rem 0 .4rem 20%}
article p{margin:.2rem 0;white-space:pre-wrap}time,small{color:#667}blockquote{margin:.2rem 0;padding-left:.5rem;border-left:3px solid #8bc;color:#556}</style></head>
<body><header><h1 dir="auto">${escaped(chat.name)}</h1><small>${escaped(chat.jid)}, exported ${escaped(exportedAt)}</small></header><main>
`;
}

function htmlMessage(message: MessageView): string {
  const said = lines(message).map((line) => (line.startsWith('> ') && message.quoted !== undefined ? `<blockquote dir="auto">${escaped(line.slice(2))}</blockquote>` : `<p dir="auto">${escaped(line)}</p>`));
  return `<article${message.from_me ? ' class="me"' : ''}><b><bdi>${escaped(message.sender_name)}</bdi></b> <time datetime="${escaped(message.timestamp)}">${escaped(message.timestamp.slice(0, 16).replace('T', ' '))}</time>${said.join('')}${fileOf(message)}</article>\n`;
}

function fileOf({ media }: MessageView): string {
  if (media?.local_path === undefined) return '';
  const address = `media/${encodeURIComponent(basename(media.local_path))}`;
  return media.type === 'image' || media.type === 'sticker' ? `<img src="${address}" alt="" style="max-width:100%">` : `<p><a href="${address}">${escaped(media.filename ?? media.type)}</a></p>`;
}

export function basename(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

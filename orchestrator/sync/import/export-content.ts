/** What stands for a message in a chat export where the phone, not a person, wrote the text: media, deleted and edited messages. Pure. */
import type { MessageRecord } from '@whatsapp-mcp/contract';
import mime from 'mime-types';
import { withoutMarks } from './export-stamp.ts';

export interface Content {
  readonly kind: MessageRecord['kind'];
  readonly text?: string;
  readonly media?: NonNullable<MessageRecord['media']>;
  readonly revoked?: true;
}

type MediaKind = NonNullable<MessageRecord['media']>['kind'];

/** Languages of which the sentences are known here; in others, what stands for media without its file is reported. */
const deleted = new Set([
  'this message was deleted', 'you deleted this message', 'diese nachricht wurde gelöscht', 'du hast diese nachricht gelöscht',
  'este mensaje fue eliminado', 'se eliminó este mensaje', 'eliminaste este mensaje', 'ce message a été supprimé', 'vous avez supprimé ce message',
  'questo messaggio è stato eliminato', 'hai eliminato questo messaggio', 'esta mensagem foi apagada', 'mensagem apagada', 'você apagou esta mensagem',
  'apagou esta mensagem', 'dit bericht is verwijderd', 'je hebt dit bericht verwijderd', 'данное сообщение удалено', 'сообщение удалено',
  'вы удалили данное сообщение', 'bu mesaj silindi', 'bu mesajı sildiniz', 'تم حذف هذه الرسالة', 'حذفت هذه الرسالة', '此消息已删除', '您已删除此消息',
  '你已删除此消息', '此訊息已刪除', '你已刪除此訊息', 'このメッセージは削除されました', 'このメッセージを削除しました', '삭제된 메시지입니다', '이 메시지는 삭제되었습니다',
]);

/** Android's one sentence for every kind of media. */
const omitted = new Set([
  'media omitted', 'medien ausgeschlossen', 'multimedia omitido', 'archivo omitido', 'médias omis', 'media omessi', 'mídia oculta', 'arquivo de mídia oculto',
  'ficheiro não revelado', 'media weggelaten', 'medya dahil edilmedi', 'без медиафайлов', 'файл пропущен', 'تم استبعاد الوسائط', 'تم إهمال الوسائط',
  '省略多媒体文件', '媒体文件已略去', '省略多媒體檔', 'メディアは含まれていません', '미디어 파일을 제외한 내보내기', 'मीडिया छोड़ा गया',
]);

/** The iPhone names the kind: its word, then one for "left out". */
const leftOut = '(?:omitted|weggelassen|omitid[oa]|absente?|omise?|manquante?|omess[oa]|non inclus[oa]|ocultad[oa]|weggelaten|已忽略|已略去|已省略)';
const leftOutKinds: readonly { readonly word: string; readonly kind: MediaKind | 'contact' }[] = [
  { word: 'video note|videonachricht', kind: 'ptv' },
  { word: 'image|bild|imagen|immagine|imagem|afbeelding|图像|图片|圖片', kind: 'image' },
  { word: 'video|vídeo|vidéo|视频|影片', kind: 'video' },
  { word: 'gif', kind: 'gif' },
  { word: 'sticker|figurinha|贴图|貼圖', kind: 'sticker' },
  { word: 'audio|áudio|音频|音訊', kind: 'audio' },
  { word: 'document|dokument|documento|文档|文件', kind: 'document' },
  { word: 'contact card|kontaktkarte|tarjeta de contacto|carte de contact|scheda contatto', kind: 'contact' },
];
const leftOutPatterns = leftOutKinds.map(({ word, kind }) => ({ kind, pattern: new RegExp(`^(?:${word})\\s?${leftOut}$`, 'iu') }));

const sentences: readonly { readonly pattern: RegExp; readonly kind: Content['kind'] }[] = [
  { pattern: /^waiting for this message\. this may take a while/iu, kind: 'undecryptable' },
  { pattern: /^<?view once (?:message|voice message|photo|video|image|media) omitted>?$/iu, kind: 'view_once_unavailable' },
];

/** What Android writes where it has no words, such as for a photo to be seen once. */
const NOTHING_KNOWN = 'null';

const editedMarks = new Set(['this message was edited', 'diese nachricht wurde bearbeitet', 'se editó este mensaje', 'ce message a été modifié', 'questo messaggio è stato modificato', 'mensagem editada', 'dit bericht is bewerkt']);

/** The iPhone sets a mark before `<`, in every language; on Android the sentence has to be known. */
const EDITED = /\s?([\u200e\u200f]?)<([^<>:：]{4,60})>$/u;

function withoutEditedMark(text: string): string {
  const found = EDITED.exec(text);
  if (found === null) return text;
  const [all, mark = '', sentence = ''] = found;
  const isMark = (mark !== '' && found.index > 0) || editedMarks.has(bare(sentence));
  return isMark ? text.slice(0, -all.length) : text;
}

/** `<attached: photo.jpg>`, in any language; Android writes `photo.jpg (file attached)` and the caption below. */
const ATTACHED_IPHONE = /[\u200e\u200f]?<[^<>:：]{2,40}\s?[:：]\s?([^<>:\n/\\]{1,255}\.\w{1,8})>\s*$/u;
const ATTACHED_ANDROID = /^[\u200e\u200f]?((?:IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d+\.\w{1,8}|[^\n/\\]{1,255}\.\w{1,8}) [(（]([^()（）\n]{3,40})[)）](?:\n|$)/u;
const MADE_NAME = /^(?:IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d+\./u;
const attachedSentences = new Set(['file attached', 'datei angehängt', 'archivo adjunto', 'fichier joint', 'file allegato', 'arquivo anexado', 'ficheiro anexado', 'bestand bijgevoegd', 'файл добавлен', 'dosya ekli', 'الملف مرفق', '文件附件', '檔案附件', 'ファイル添付', '파일 첨부됨']);

/** Kinds that only WhatsApp's own file names tell. */
const namedKinds: readonly { readonly pattern: RegExp; readonly kind: MediaKind }[] = [
  { pattern: /^PTT-|-PTT-/u, kind: 'ptt' },
  { pattern: /^STK-|-STICKER-/u, kind: 'sticker' },
  { pattern: /-GIF-/u, kind: 'gif' },
  { pattern: /^DOC-/u, kind: 'document' },
];

const mediaTypes: Readonly<Record<string, MediaKind>> = { image: 'image', video: 'video', audio: 'audio' };

function attachment(filename: string, caption: string): Content {
  const text = caption.trim() === '' ? {} : { text: caption.trim() };
  if (/\.vcf$/iu.test(filename)) return { kind: 'contact', text: caption.trim() === '' ? filename.replace(/\.vcf$/iu, '') : caption.trim() };
  const found = mime.lookup(filename);
  const mimetype = found === false ? undefined : found;
  const kind = namedKinds.find(({ pattern }) => pattern.test(filename))?.kind ?? mediaTypes[mimetype?.split('/')[0] ?? ''] ?? 'document';
  return { kind, ...text, media: { kind, filename, ...(mimetype !== undefined && { mimetype }) } };
}

function attached(text: string): Content | undefined {
  const iphone = ATTACHED_IPHONE.exec(text);
  if (iphone !== null) return attachment(iphone[1] ?? '', text.slice(0, iphone.index));
  const android = ATTACHED_ANDROID.exec(text);
  if (android === null) return undefined;
  const [all, filename = '', sentence = ''] = android;
  return MADE_NAME.test(filename) || attachedSentences.has(bare(sentence)) ? attachment(filename, text.slice(all.length)) : undefined;
}

/** After the last mark stands what was left out; before it the caption, or `name.pdf • 2 pages`. */
function leftOutMedia(text: string): Content | undefined {
  const at = Math.max(text.lastIndexOf('\u200e'), text.lastIndexOf('\u200f'));
  const sentence = bare(text.slice(Math.max(at, 0)));
  const found = at < 0 ? undefined : leftOutPatterns.find(({ pattern }) => pattern.test(sentence));
  if (found === undefined) return undefined;
  const { kind } = found;
  if (kind === 'contact') return { kind };
  const before = withoutMarks(text.slice(0, at)).trim();
  const filename = /^(.{1,255}\.\w{1,8}) •/u.exec(before)?.[1];
  return { kind, ...(before !== '' && filename === undefined && { text: before }), media: { kind, ...(filename !== undefined && { filename }) } };
}

/** Lower case, without marks, brackets and the dot at the end. */
const bare = (text: string): string => withoutMarks(text).trim().replace(/^<(.*)>$/su, '$1').replace(/[.。]$/u, '').trim().toLowerCase();

const LOCATION = /^\S[^\n:：]{0,30}[:：]\s?https:\/\/maps\.google\.com\/\?q=(-?\d{1,2}\.\d+),(-?\d{1,3}\.\d+)$/u;
const POLL = /^(?:POLL|UMFRAGE|ENCUESTA|SONDAGE|SONDAGGIO|ENQUETE|ANKET|ОПРОС)[:：]\n/u;

/**
 * @param text of the message, marks included.
 * @param form iPhones set a mark before what they wrote themselves.
 * @returns undefined where the phone wrote something that is no message known here.
 */
export function contentOf(text: string, form: 'bracket' | 'dash'): Content | undefined {
  // On Android the words of the iPhone are a person's.
  const file = attached(text) ?? (form === 'bracket' ? leftOutMedia(text) : undefined);
  if (file !== undefined) return file;
  const sentence = bare(text);
  const isMarked = /^[\u200e\u200f]/u.test(text);
  const special = isMarked || form === 'dash' ? written(sentence, text) : undefined;
  if (special !== undefined) return special;
  return isMarked && form === 'bracket' ? undefined : spoken(withoutEditedMark(text));
}

function written(sentence: string, text: string): Content | undefined {
  if (deleted.has(sentence)) return { kind: 'unknown', revoked: true };
  if (omitted.has(sentence) && /[<＜]/u.test(text)) return { kind: 'unknown' };
  if (sentence === NOTHING_KNOWN) return { kind: 'unknown' };
  const known = sentences.find(({ pattern }) => pattern.test(sentence));
  if (known !== undefined) return { kind: known.kind };
  return placeOf(text) ?? pollOf(text);
}

function placeOf(text: string): Content | undefined {
  return LOCATION.test(withoutMarks(text)) ? { kind: 'location', text: withoutMarks(text) } : undefined;
}

function pollOf(text: string): Content | undefined {
  return POLL.test(withoutMarks(text)) ? { kind: 'poll', text: withoutMarks(text) } : undefined;
}

const spoken = (text: string): Content => (text.trim() === '' ? { kind: 'unknown' } : { kind: 'text', text: text.trimEnd() });

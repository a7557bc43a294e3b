import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { SampleKind } from '../media/samples/index.ts';
import { attachmentOf, type Attachment } from './attachment.ts';
import { jidOf } from './jids.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';
import type { MessageKind, Person } from './types.ts';

export interface Composed {
  readonly kind: MessageKind;
  /** What a person would read and search; see `WorldMessage.text`. */
  readonly text: string;
  readonly content: proto.IMessage;
}

/** What a composer may look at. */
export interface Setting {
  readonly scene: Scene;
  readonly random: Random;
  /** Unix seconds. */
  readonly timestamp: number;
}

type Composer = (setting: Setting) => Composed;

const CAPTION_PERMILLE = 550;
const VIEW_ONCE_PERMILLE = 40;
const { TENOR } = proto.Message.VideoMessage.Attribution;

function attach({ scene, random }: Setting, kind: SampleKind): Attachment {
  return attachmentOf(scene.seed, kind, random.below(24), random.next());
}

/** The fields that every kind of media message has. */
function mediaFields(file: Attachment, timestamp: number): proto.Message.IImageMessage & proto.Message.IDocumentMessage {
  const { url, directPath, mediaKey, fileSha256, fileEncSha256, fileLength } = file;
  return { url, directPath, mediaKey, fileSha256, fileEncSha256, fileLength, mimetype: file.sample.mimetype, mediaKeyTimestamp: timestamp };
}

const pictureSize = ({ sample }: Attachment): { width: number; height: number; jpegThumbnail: Buffer } => ({
  width: sample.width,
  height: sample.height,
  jpegThumbnail: sample.thumbnail,
});

const captionOf = ({ scene, random }: Setting): string => (random.chance(CAPTION_PERMILLE) ? random.pick(scene.phrases.captions) : '');
const captioned = (caption: string): { caption?: string } => (caption ? { caption } : {});

const image: Composer = (setting) => {
  const file = attach(setting, 'image');
  const caption = captionOf(setting);
  return { kind: 'image', text: caption, content: { imageMessage: { ...mediaFields(file, setting.timestamp), ...pictureSize(file), ...captioned(caption) } } };
};

const video: Composer = (setting) => {
  const file = attach(setting, 'video');
  const caption = captionOf(setting);
  const fields = { ...mediaFields(file, setting.timestamp), ...pictureSize(file), seconds: file.sample.seconds, ...captioned(caption) };
  return { kind: 'video', text: caption, content: { videoMessage: fields } };
};

const gif: Composer = (setting) => {
  const file = attach(setting, 'gif');
  const fields = { ...mediaFields(file, setting.timestamp), ...pictureSize(file), seconds: file.sample.seconds };
  return { kind: 'gif', text: '', content: { videoMessage: { ...fields, gifPlayback: true, gifAttribution: TENOR } } };
};

const voiceNote: Composer = (setting) => {
  const file = attach(setting, 'ptt');
  const waveform = setting.random.bytes(64).map((value) => value % 100);
  const fields = { ...mediaFields(file, setting.timestamp), seconds: file.sample.seconds, ptt: true, waveform };
  return { kind: 'ptt', text: '', content: { audioMessage: fields } };
};

const audio: Composer = (setting) => {
  const file = attach(setting, 'audio');
  return { kind: 'audio', text: '', content: { audioMessage: { ...mediaFields(file, setting.timestamp), seconds: file.sample.seconds, ptt: false } } };
};

const document: Composer = (setting) => {
  const file = attach(setting, 'document');
  const title = setting.random.pick(setting.scene.phrases.files);
  const fileName = `${title}.pdf`;
  const fields = { ...mediaFields(file, setting.timestamp), title, fileName, pageCount: 1 };
  const caption = captionOf(setting);
  if (!caption) return { kind: 'document', text: fileName, content: { documentMessage: fields } };
  const message = { documentMessage: { ...fields, caption } };
  return { kind: 'document', text: caption, content: { documentWithCaptionMessage: { message } } };
};

const sticker: Composer = (setting) => {
  const file = attach(setting, 'sticker');
  const { width, height } = file.sample;
  return { kind: 'sticker', text: '', content: { stickerMessage: { ...mediaFields(file, setting.timestamp), width, height, isAnimated: false } } };
};

const viewOnce: Composer = (setting) => {
  const file = attach(setting, 'image');
  const message = { imageMessage: { ...mediaFields(file, setting.timestamp), ...pictureSize(file), viewOnce: true } };
  return { kind: 'image', text: '', content: { viewOnceMessageV2: { message } } };
};

const location: Composer = ({ scene, random }) => {
  const { name, address, latitude, longitude } = random.pick(scene.phrases.places);
  return { kind: 'location', text: name, content: { locationMessage: { name, address, degreesLatitude: latitude, degreesLongitude: longitude } } };
};

/** The number is written as people see it, so that a reader can find it. */
export function vcardOf(person: Person): proto.Message.IContactMessage {
  const displayName = person.name ?? person.pushName;
  const lines = ['BEGIN:VCARD', 'VERSION:3.0', `N:;${displayName};;;`, `FN:${displayName}`, `TEL;type=CELL;waid=${person.pn}:+${person.pn}`, 'END:VCARD'];
  return { displayName, vcard: lines.join('\n') };
}

const contact: Composer = ({ scene, random }) => {
  const card = vcardOf(random.pick(scene.acquaintances));
  return { kind: 'contact', text: card.displayName ?? '', content: { contactMessage: card } };
};

const contacts: Composer = ({ scene, random }) => {
  const cards = random.sample(scene.acquaintances, 2).map(vcardOf);
  const text = cards.map((card) => card.displayName).join(', ');
  return { kind: 'contacts', text, content: { contactsArrayMessage: { displayName: text, contacts: cards } } };
};

const poll: Composer = ({ scene, random }) => {
  const { question, options } = random.pick(scene.phrases.polls);
  const selectableOptionsCount = random.chance(500) ? 1 : 0;
  const fields = { name: question, options: options.map((optionName) => ({ optionName })), selectableOptionsCount };
  return { kind: 'poll', text: question, content: { pollCreationMessageV3: fields } };
};

const event: Composer = ({ scene, random, timestamp }) => {
  const name = random.pick(scene.phrases.events);
  const place = random.pick(scene.phrases.places);
  const fields = { name, description: random.pick(scene.phrases.captions), startTime: timestamp + 86_400 * (1 + random.below(20)), isCanceled: false };
  return { kind: 'event', text: name, content: { eventMessage: { ...fields, location: { name: place.name, degreesLatitude: place.latitude, degreesLongitude: place.longitude } } } };
};

type Weighted = readonly (readonly [number, Composer])[];

/** Share of each kind among messages that carry a file. */
const media: Weighted = [[400, image], [90, video], [40, gif], [190, voiceNote], [20, audio], [110, document], [120, sticker], [VIEW_ONCE_PERMILLE, viewOnce]];
/** Share among the other kinds; polls and events only where several people talk. */
const otherDirect: Weighted = [[500, location], [420, contact], [80, contacts]];
const otherGroup: Weighted = [[250, location], [200, contact], [50, contacts], [380, poll], [120, event]];
const broadcast: Weighted = [[700, image], [300, video]];

function pickComposer(table: Weighted, random: Random): Composer {
  const total = table.reduce((sum, [weight]) => sum + weight, 0);
  let left = random.below(total);
  for (const [weight, composer] of table) {
    if (left < weight) return composer;
    left -= weight;
  }
  return image;
}

/** A file of some kind, with or without a caption. */
export function composeMedia(setting: Setting): Composed {
  const { kind } = setting.scene.chat;
  return pickComposer(kind === 'newsletter' || kind === 'status' ? broadcast : media, setting.random)(setting);
}

/** Something that is neither text nor file. */
export function composeOther(setting: Setting): Composed {
  return pickComposer(setting.scene.chat.kind === 'direct' ? otherDirect : otherGroup, setting.random)(setting);
}

export const composeText = (text: string): Composed => ({ kind: 'text', text, content: { conversation: text } });

/** A text with a link and the preview that the sender's phone made for it. */
export function composeLink(text: string, random: Random): Composed {
  const link = `https://news.example/${random.digits(6)}`;
  const whole = `${text} ${link}`;
  const preview = { text: whole, matchedText: link, title: 'The Morning Post', description: 'What happened while you slept', previewType: 0 };
  return { kind: 'text', text: whole, content: { extendedTextMessage: preview } };
}

/** A text that begins by naming somebody of the group. */
export function composeMention(text: string, person: Person, scene: Scene): Composed {
  const jid = jidOf(person, scene.addressing);
  const whole = `@${jid.slice(0, jid.indexOf('@'))} ${text}`;
  return { kind: 'text', text: whole, content: { extendedTextMessage: { text: whole, contextInfo: { mentionedJid: [jid] } } } };
}

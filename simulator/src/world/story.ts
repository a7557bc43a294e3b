import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Sample } from '../media/samples/index.ts';
import { attachmentOf } from './attachment.ts';
import { vcardOf } from './compose.ts';
import { asEphemeral, quotable, withContextInfo } from './content.ts';
import { addOnId, messageId } from './ids.ts';
import { jidOf } from './jids.ts';
import { keyOf, Random } from './random.ts';
import type { Addressing, Chat, Person, WorldMessage } from './types.ts';

/** One line of a hand-written ending of a chat. */
export interface StoryLine {
  /** The short name of who says it; `me` is the owner. */
  readonly by: string;
  /** Minutes before the world's base time. */
  readonly ago: number;
  /** Text or caption; the question of a poll. */
  readonly text: string;
  readonly photo?: true;
  readonly voice?: true;
  readonly file?: string;
  readonly place?: { readonly latitude: number; readonly longitude: number; readonly address: string };
  readonly card?: string;
  /** Option → short names of those who chose it. */
  readonly poll?: Readonly<Record<string, readonly string[]>>;
  /** Number of the line of this story that is answered. */
  readonly reply?: number;
  /** Short name → emoji. */
  readonly reactions?: Readonly<Record<string, string>>;
  /** What it said before it was edited. */
  readonly before?: string;
  readonly mention?: string;
  readonly revoked?: true;
  readonly starred?: true;
}

export interface Story {
  /** Short name of the person or of the group whose chat this ends. */
  readonly chat: string;
  /** Oldest first. */
  readonly lines: readonly StoryLine[];
}

/** What is needed to turn the lines of a story into messages. */
export interface Stage {
  readonly seed: number;
  /** Unix seconds. */
  readonly baseTime: number;
  readonly chat: Chat;
  readonly addressing: Addressing;
  readonly owner: Person;
  /** By short name; throws for a name that nobody has. */
  readonly person: (shortName: string) => Person;
}

interface Told {
  readonly message: WorldMessage;
  readonly speaker: Person;
}

/** The file that goes with line `n`: always the same one. */
function attach(stage: Stage, kind: 'image' | 'ptt' | 'document', n: number): { fields: proto.Message.IImageMessage & proto.Message.IDocumentMessage; sample: Sample } {
  const random = new Random(stage.seed, keyOf(`story ${stage.chat.jid}`), n);
  const { sample, ...file } = attachmentOf(stage.seed, kind, random.below(24), random.next());
  return { fields: { ...file, mimetype: sample.mimetype }, sample };
}

const dayPattern = /\{(en|es|zh|ar|date)([+-]\d+)\}/g;

/** Puts weekdays and dates into a text, counted in days from the base time. */
export function withDays(text: string, baseTime: number): string {
  return text.replace(dayPattern, (_, locale: string, days: string) => {
    const date = new Date((baseTime + Number(days) * 86_400) * 1000);
    const format = locale === 'date' ? new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' }) : new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
    return format.format(date);
  });
}

/** The line as it is said on this stage: with real days in its texts. */
function dated(line: StoryLine, baseTime: number): StoryLine {
  const options = Object.entries(line.poll ?? {}).map(([option, names]) => [withDays(option, baseTime), names] as const);
  return {
    ...line,
    text: withDays(line.text, baseTime),
    ...(line.before === undefined ? {} : { before: withDays(line.before, baseTime) }),
    ...(line.poll ? { poll: Object.fromEntries(options) } : {}),
  };
}

type Spoken = Pick<WorldMessage, 'kind' | 'text'> & { readonly content: proto.IMessage };

/** Tried in this order; a line that is none of these is plain text. */
const forms: readonly ((line: StoryLine, stage: Stage, n: number) => Spoken | undefined)[] = [
  ({ photo, text }, stage, n) => {
    if (!photo) return undefined;
    const { fields, sample } = attach(stage, 'image', n);
    const picture = { width: sample.width, height: sample.height, jpegThumbnail: sample.thumbnail };
    return { kind: 'image', text, content: { imageMessage: { ...fields, ...picture, ...(text ? { caption: text } : {}) } } };
  },
  ({ voice }, stage, n) => {
    if (!voice) return undefined;
    const { fields, sample } = attach(stage, 'ptt', n);
    return { kind: 'ptt', text: '', content: { audioMessage: { ...fields, seconds: sample.seconds, ptt: true } } };
  },
  ({ file, text }, stage, n) => {
    if (!file) return undefined;
    const { fields } = attach(stage, 'document', n);
    const documentMessage = { ...fields, title: file, fileName: file, pageCount: 1, ...(text ? { caption: text } : {}) };
    const content = text ? { documentWithCaptionMessage: { message: { documentMessage } } } : { documentMessage };
    return { kind: 'document', text: text || file, content };
  },
  ({ place, text }) =>
    place && { kind: 'location', text, content: { locationMessage: { name: text, address: place.address, degreesLatitude: place.latitude, degreesLongitude: place.longitude } } },
  ({ card }, stage) => {
    if (!card) return undefined;
    const contactMessage = vcardOf(stage.person(card));
    return { kind: 'contact', text: contactMessage.displayName ?? '', content: { contactMessage } };
  },
  ({ poll, text }) =>
    poll && { kind: 'poll', text, content: { pollCreationMessageV3: { name: text, options: Object.keys(poll).map((optionName) => ({ optionName })), selectableOptionsCount: 1 } } },
];

function spoken(line: StoryLine, stage: Stage, n: number): Spoken {
  for (const form of forms) {
    const found = form(line, stage, n);
    if (found) return found;
  }
  if (!line.mention) return { kind: 'text', text: line.text, content: { conversation: line.before ?? line.text } };
  const jid = jidOf(stage.person(line.mention), stage.addressing);
  const text = `@${jid.slice(0, jid.indexOf('@'))} ${line.text}`;
  return { kind: 'text', text, content: { extendedTextMessage: { text, contextInfo: { mentionedJid: [jid] } } } };
}

function contentOf(stage: Stage, content: proto.IMessage, answered: Told | undefined): proto.IMessage {
  const { message, speaker } = answered ?? {};
  const quoting =
    message?.content && speaker
      ? withContextInfo(content, { stanzaId: message.id, participant: jidOf(speaker, stage.addressing), quotedMessage: quotable(message.content) })
      : content;
  return stage.chat.ephemeral > 0 ? asEphemeral(quoting, stage.chat.ephemeral) : quoting;
}

function addOns(stage: Stage, line: StoryLine, n: number, timestamp: number): Pick<WorldMessage, 'reactions' | 'votes'> {
  const key = keyOf(`story ${stage.chat.jid}`);
  const reactions = Object.entries(line.reactions ?? {}).map(([name, emoji], ordinal) => {
    const sender = stage.person(name).id;
    return { id: addOnId(key, n, sender, ordinal), sender, emoji, timestampMs: (timestamp + 30 + ordinal * 7) * 1000 };
  });
  const ballots = Object.entries(line.poll ?? {}).flatMap(([option, names]) => names.map((name) => ({ option, voter: stage.person(name).id })));
  const votes = ballots.map(({ option, voter }, ordinal) => ({
    id: addOnId(key, n, voter, 200 + ordinal),
    voter,
    options: [option],
    timestampMs: (timestamp + 60 + ordinal * 11) * 1000,
  }));
  return { reactions, votes };
}

function tell(stage: Stage, line: StoryLine, n: number, told: readonly Told[]): Told {
  const speaker = stage.person(line.by);
  const key = keyOf(`story ${stage.chat.jid}`);
  const timestamp = stage.baseTime - line.ago * 60;
  const answered = line.reply === undefined ? undefined : told[line.reply];
  const { kind, text, content } = spoken(line, stage, n);
  const edit = { id: messageId(key, n, speaker.id, 'edit'), timestamp: timestamp + 45, text };
  const message: WorldMessage = {
    id: messageId(key, n, speaker.id),
    chat: stage.chat.jid,
    sender: speaker.id,
    fromMe: speaker.id === stage.owner.id,
    timestamp,
    kind,
    text,
    content: contentOf(stage, content, answered),
    secret: new Random(key, n).bytes(32),
    edits: line.before === undefined ? [] : [edit],
    editForm: n % 2 === 0 ? 'wrapped' : 'inline',
    ...addOns(stage, line, n, timestamp),
    revoked: line.revoked && { by: speaker.id, timestamp: timestamp + 60 },
    starred: line.starred ?? false,
    stub: undefined,
    replyTo: answered?.message.id,
    viewOnce: false,
    ephemeral: stage.chat.ephemeral,
    serverId: undefined,
  };
  return { message, speaker };
}

/** The messages of a story, oldest first. */
export function tellStory(stage: Stage, story: Story): WorldMessage[] {
  const told: Told[] = [];
  for (const [n, line] of story.lines.entries()) told.push(tell(stage, dated(line, stage.baseTime), n, told));
  return told.map(({ message }) => message);
}

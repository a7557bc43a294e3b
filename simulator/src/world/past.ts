import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { composeLink, composeMedia, composeMention, composeOther, composeText, type Composed, type Setting } from './compose.ts';
import { asEphemeral, quotable, withContextInfo, withText } from './content.ts';
import { lineAt, longText, withTypo, type Line } from './dialogue.ts';
import { addOnId, messageId } from './ids.ts';
import { jidOf } from './jids.ts';
import { reactionEmoji } from './phrases/index.ts';
import { Random } from './random.ts';
import type { Scene } from './scene.ts';
import type { Edit, Person, PollVote, Reaction, WorldMessage } from './types.ts';

const LINK_PERMILLE = 12;
const MENTION_PERMILLE = 25;
const FORWARD_PERMILLE = 15;
const INLINE_EDIT_PERMILLE = 500;
const SECOND_EDIT_PERMILLE = 150;
/** Replies go this many messages back at most. */
const REPLY_REACH = 6;

/** Streams of one message: what one of them draws never moves another. */
const stream = { compose: 0x636f6d70, fate: 0x66617465, secret: 0x73656372 } as const;

/** Author of message number `n`, without building the message. */
export function senderAt(scene: Scene, n: number): Person {
  return scene.stubs.get(n)?.sender ?? lineAt(scene, n).speaker;
}

/** Id of message number `n`, without building the message. */
export const idAt = (scene: Scene, n: number): string => messageId(scene.key, n, senderAt(scene, n).id);

/** Id of the last edit that message number `n` would have; edits of a message count down from it. */
export const editIdAt = (scene: Scene, n: number): string => messageId(scene.key, n, senderAt(scene, n).id, 'edit');

function compose(scene: Scene, n: number, line: Line): Composed {
  const random = new Random(scene.key, stream.compose, n);
  const setting: Setting = { scene, random, timestamp: scene.times[n] ?? 0 };
  const { density, chat } = scene;
  const roll = random.below(1000);
  if (roll < density.media) return composeMedia(setting);
  const plainOnly = chat.kind === 'newsletter' || chat.kind === 'status';
  if (roll < density.media + density.other && !plainOnly) return composeOther(setting);
  if (random.chance(density.longText)) return composeText(longText(scene, random));
  if (random.chance(LINK_PERMILLE)) return composeLink(line.text, random);
  if (chat.kind === 'group' && random.chance(MENTION_PERMILLE)) return composeMention(line.text, random.pick(scene.audience), scene);
  return composeText(line.text);
}

/** Facts about a message that the composer does not decide. */
interface Fate {
  readonly replyTo: number | undefined;
  readonly edits: readonly Edit[];
  readonly editForm: 'inline' | 'wrapped';
  readonly revoked: boolean;
  readonly starred: boolean;
  readonly forwarded: boolean;
}

function fateOf(scene: Scene, n: number, composed: Composed): Fate {
  const random = new Random(scene.key, stream.fate, n);
  const { density } = scene;
  const target = n - 1 - random.below(REPLY_REACH);
  const reply = random.chance(density.reply) && target >= 0 && !scene.stubs.has(target);
  const revoked = random.chance(density.revoke) && scene.chat.kind !== 'status';
  const editable = composed.kind === 'text' && scene.chat.kind !== 'status';
  const edited = random.chance(density.edit) && editable && !revoked;
  return {
    replyTo: reply && !revoked ? target : undefined,
    edits: edited ? editsOf(scene, n, composed.text, random) : [],
    editForm: random.chance(INLINE_EDIT_PERMILLE) ? 'inline' : 'wrapped',
    revoked,
    starred: random.chance(density.star) && !revoked,
    forwarded: random.chance(FORWARD_PERMILLE) && !edited && !reply,
  };
}

function editsOf(scene: Scene, n: number, text: string, random: Random): Edit[] {
  const time = scene.times[n] ?? 0;
  const last: Edit = { id: editIdAt(scene, n), timestamp: time + 40 + random.below(200), text };
  if (!random.chance(SECOND_EDIT_PERMILLE)) return [last];
  return [{ id: addOnId(scene.key, n, senderAt(scene, n).id, 99), timestamp: time + 20, text: `${text} …` }, last];
}

function reactionsOf(scene: Scene, n: number, random: Random): Reaction[] {
  if (!random.chance(scene.density.reaction)) return [];
  const people = random.sample(scene.audience, 1 + random.below(Math.min(4, scene.audience.length)));
  const time = (scene.times[n] ?? 0) * 1000;
  return people.map((person, ordinal) => ({
    id: addOnId(scene.key, n, person.id, ordinal),
    sender: person.id,
    emoji: random.pick(reactionEmoji),
    timestampMs: time + 5_000 + random.below(600_000),
  }));
}

function votesOf(scene: Scene, n: number, composed: Composed, random: Random): PollVote[] {
  const poll = composed.content.pollCreationMessageV3;
  if (!poll) return [];
  const names = (poll.options ?? []).map((option) => option.optionName ?? '');
  const most = poll.selectableOptionsCount === 1 ? 1 : names.length;
  const voters = random.sample(scene.audience, 1 + random.below(scene.audience.length));
  return voters.map((voter, ordinal) => ({
    id: addOnId(scene.key, n, voter.id, 200 + ordinal),
    voter: voter.id,
    options: random.sample(names, 1 + random.below(most)),
    timestampMs: ((scene.times[n] ?? 0) + 60 + ordinal) * 1000 + random.below(1000),
  }));
}

function quoteOf(scene: Scene, target: number): proto.IContextInfo {
  const line = lineAt(scene, target);
  return {
    stanzaId: idAt(scene, target),
    participant: jidOf(line.speaker, scene.addressing),
    quotedMessage: quotable(compose(scene, target, line).content),
  };
}

function contentOf(scene: Scene, composed: Composed, fate: Fate): proto.IMessage {
  let { content } = composed;
  if (fate.edits.length > 0) content = withText(content, withTypo(composed.text));
  if (fate.replyTo !== undefined) content = withContextInfo(content, quoteOf(scene, fate.replyTo));
  if (fate.forwarded) content = withContextInfo(content, { isForwarded: true, forwardingScore: 1 });
  return scene.ephemeral > 0 ? asEphemeral(content, scene.ephemeral) : content;
}

function stubAt(scene: Scene, n: number): WorldMessage | undefined {
  const stub = scene.stubs.get(n);
  if (!stub) return undefined;
  const { sender, type, parameters } = stub;
  return { ...base(scene, n, sender), kind: 'system', text: '', content: undefined, stub: { type, parameters } };
}

type Base = Omit<WorldMessage, 'kind' | 'text' | 'content'>;

/** The fields that a message has whatever it says, with nothing done to it yet. */
function base(scene: Scene, n: number, sender: Person): Base {
  const newsletter = scene.chat.kind === 'newsletter';
  return {
    id: messageId(scene.key, n, sender.id),
    chat: scene.chat.jid,
    sender: newsletter ? '' : sender.id,
    fromMe: sender.id === scene.owner.id,
    timestamp: scene.times[n] ?? 0,
    secret: new Random(scene.key, stream.secret, n).bytes(32),
    edits: [],
    editForm: 'inline',
    reactions: [],
    votes: [],
    revoked: undefined,
    starred: false,
    stub: undefined,
    replyTo: undefined,
    viewOnce: false,
    ephemeral: scene.ephemeral,
    serverId: newsletter ? n + 100 : undefined,
  };
}

/** Message number `n` (0 = oldest) of a scene. The same scene and number give the same message. */
export function messageAt(scene: Scene, n: number): WorldMessage {
  const stub = stubAt(scene, n);
  if (stub) return stub;
  const line = lineAt(scene, n);
  const composed = compose(scene, n, line);
  const fate = fateOf(scene, n, composed);
  const random = new Random(scene.key, stream.fate, ~n);
  const common = base(scene, n, line.speaker);
  return {
    ...common,
    kind: composed.kind,
    text: composed.text,
    content: contentOf(scene, composed, fate),
    edits: fate.edits,
    editForm: fate.editForm,
    reactions: fate.revoked ? [] : reactionsOf(scene, n, random),
    votes: fate.revoked ? [] : votesOf(scene, n, composed, random),
    revoked: fate.revoked ? { by: line.speaker.id, timestamp: common.timestamp + 90 } : undefined,
    starred: fate.starred,
    replyTo: fate.replyTo === undefined ? undefined : idAt(scene, fate.replyTo),
    viewOnce: composed.content.viewOnceMessageV2 !== undefined,
  };
}

import { announcements, emojiMessages, posts, type Dialogue, type Slot } from './phrases/index.ts';
import { Random } from './random.ts';
import type { Scene } from './scene.ts';
import { BURST } from './times.ts';
import type { Person } from './types.ts';

export interface Line {
  readonly speaker: Person;
  readonly text: string;
}

const slotPattern = /\{(food|place|day|time|thing)\}/g;
const EMOJI_PERMILLE = 25;

/**
 * What message number `n` of a scene says, and who says it. Four lines in a row are one exchange:
 * the same people, the same words for place, day and thing.
 */
export function lineAt(scene: Scene, n: number): Line {
  const notice = noticeOf(scene, n);
  if (notice) return notice;
  const random = new Random(scene.key, 0x6c696e65, Math.floor(n / BURST));
  const { slots, dialogues } = scene.phrases;
  const dialogue = pickDialogue(dialogues, scene, random);
  const words: Record<Slot, string> = {
    food: random.pick(slots.food),
    place: random.pick(slots.place),
    day: random.pick(slots.day),
    time: random.pick(slots.time),
    thing: random.pick(slots.thing),
  };
  const roles = rolesOf(scene, random);
  const line = dialogue[n % BURST] ?? dialogue[0];
  const emojiOnly = random.chance(EMOJI_PERMILLE) && n % BURST === BURST - 1;
  const text = emojiOnly ? random.pick(emojiMessages) : sentence(line.slice(2).replace(slotPattern, (_, slot: Slot) => words[slot]));
  return { speaker: roles[line.charCodeAt(0) - 97] ?? roles[0], text };
}

/** A word that was put in front of a sentence gets its capital. */
const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** In a direct chat only exchanges of two people make sense. */
function pickDialogue(dialogues: readonly Dialogue[], scene: Scene, random: Random): Dialogue {
  let dialogue = random.pick(dialogues);
  while (scene.voices.length < 3 && dialogue.some((line) => line.startsWith('c '))) dialogue = random.pick(dialogues);
  return dialogue;
}

const notices = { announcement: announcements, newsletter: posts, status: posts } as const;

/** What is said where nobody answers; undefined in chats of several voices. */
function noticeOf(scene: Scene, n: number): Line | undefined {
  const { kind } = scene.chat;
  if (kind !== 'announcement' && kind !== 'newsletter' && kind !== 'status') return undefined;
  const random = new Random(scene.key, 0x6e6f7465, n);
  return { speaker: random.pick(scene.voices), text: random.pick<string>(notices[kind]) };
}

/** The people who play `a`, `b` and `c`; in a direct chat the two of them, either first. */
function rolesOf(scene: Scene, random: Random): readonly [Person, Person, Person] {
  const { voices } = scene;
  const first = random.below(voices.length);
  const step = 1 + random.below(Math.max(1, voices.length - 1));
  const voice = (index: number): Person => voices[index % voices.length] ?? scene.owner;
  return [voice(first), voice(first + step), voice(first + step + 1)];
}

/** A text of several hundred to two thousand characters, in paragraphs. */
export function longText(scene: Scene, random: Random): string {
  const { sentences } = scene.phrases;
  const paragraphs = 3 + random.below(5);
  const paragraph = (): string => random.sample(sentences, 3 + random.below(2)).join(' ');
  return Array.from({ length: paragraphs }, paragraph).join('\n\n');
}

/** The same text as it was typed first: two letters of the longest word the wrong way round. */
export function withTypo(text: string): string {
  const longest = text.split(' ').reduce((best, word) => (word.length > best.length ? word : best), '');
  const letters = Array.from(longest);
  if (letters.length < 3) return `${text}.`;
  const [first = '', second = '', third = '', ...rest] = letters;
  const swapped = [first, third, second, ...rest].join('');
  return swapped === longest ? `${text}.` : text.replace(longest, swapped);
}

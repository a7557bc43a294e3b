import type { Language } from '../types.ts';
import { arabic } from './ar.ts';
import { german } from './de.ts';
import { english } from './en.ts';
import { spanish } from './es.ts';
import { french } from './fr.ts';
import { hebrew } from './he.ts';
import { hindi } from './hi.ts';
import { japanese } from './ja.ts';
import type { Phrases } from './phrases.ts';
import { portuguese } from './pt.ts';
import { thai } from './th.ts';
import { chinese } from './zh.ts';

export type { Dialogue, Phrases, Place, Poll, Slot } from './phrases.ts';

export const phrases = {
  en: english,
  es: spanish,
  fr: french,
  de: german,
  pt: portuguese,
  ar: arabic,
  he: hebrew,
  zh: chinese,
  ja: japanese,
  th: thai,
  hi: hindi,
} as const satisfies Record<Language, Phrases>;

/** Emoji that people react with, the common ones first. */
export const reactionEmoji = ['👍', '❤️', '😂', '😮', '🙏', '🎉', '🔥', '👏🏽'] as const;

/** Whole messages that are nothing but emoji. */
export const emojiMessages = ['😂😂😂', '❤️', '👍', '🎉🎉', '🙈', '👨‍👩‍👧‍👦', '🇵🇹', '☕️', '🥳', '👏🏽👏🏽'] as const;

/** What newsletters and statuses say. */
export const posts = [
  'Five things to know before breakfast: trains, prices, weather, football and one good joke.',
  'The storm passes north of us tonight. Calm seas from Thursday.',
  'Roast the squash first, then everything else is easy.',
  'Saturn is the bright yellow point in the south-east after nine.',
  'The harbour bridge is open again in both directions.',
  'Our readers’ favourite soup, in five lines and one pot 🍲',
  'Clear skies on Friday: look for the Leonids after midnight ✨',
  'High tide at 06:12 and 18:41, wind west 4.',
  'New on the stands: the ten best walks under two hours.',
  'Corrections: the concert is on the 14th, not the 15th.',
] as const;

/** What admins tell everybody. */
export const announcements = [
  'The lift is out of service until Thursday, please use the stairs at the back.',
  'Thank you all for coming yesterday. The minutes are with the office.',
  'Reminder: the car park is closed this weekend.',
  'We are looking for two volunteers for Saturday morning.',
  'The water will be turned off tomorrow between 9 and 11.',
  'New opening hours from next month: 8 to 17 on weekdays.',
  'Please label everything you leave in the hall.',
  'The survey closes on Friday. It takes three minutes.',
] as const;

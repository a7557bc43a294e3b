import { phrases } from './phrases/index.ts';
import { keyOf, Random } from './random.ts';
import type { Business, Language, MappingKnowledge, NewPerson, Person } from './types.ts';

/** First digits of a number by language; ranges that are reserved for fiction where a country has one. */
const dialling = {
  en: '44770090',
  es: '3491555',
  fr: '3363998',
  de: '4917655',
  pt: '5511955',
  ar: '9617055',
  he: '9725255',
  zh: '8613555',
  ja: '8190555',
  th: '6681555',
  hi: '9198555',
} as const satisfies Record<Language, string>;

/** The order in which generated people get their language: half of them write in Latin letters. */
const languageCycle: readonly Language[] = ['en', 'es', 'zh', 'en', 'ar', 'fr', 'en', 'ja', 'de', 'he', 'en', 'pt', 'th', 'en', 'hi'];

/** A new person is late or never known by number this often. */
const LATE_EVERY = 7;
const NEVER_EVERY = 11;
const UNSAVED_EVERY = 9;

export const ownerOf = (seed: number): Person => ({
  id: '14155550100',
  pn: '14155550100',
  lid: lidOf(seed, '14155550100'),
  name: undefined,
  pushName: 'Sam Rivera',
  about: 'Slow replies on Sundays',
  aboutSetAt: 1_767_225_600,
  mapping: 'known',
  language: 'en',
});

/** Hidden ids have 15 digits; nothing about the number can be seen in them. */
export function lidOf(seed: number, pn: string): string {
  return new Random(seed, keyOf('lid'), keyOf(pn)).digits(15);
}

/** Fills in what a caller did not say about somebody; the same number gives the same person. */
export function personFrom(seed: number, given: NewPerson): Person {
  const random = new Random(seed, keyOf('person'), keyOf(given.pn));
  const language = given.language ?? 'en';
  const words = phrases[language];
  const pushName = given.pushName ?? given.name ?? words.fullName(random.pick(words.given), random.pick(words.family));
  return {
    id: given.pn,
    pn: given.pn,
    lid: lidOf(seed, given.pn),
    name: given.name,
    pushName,
    about: random.pick(words.abouts),
    aboutSetAt: 1_735_689_600 + random.below(31_536_000),
    mapping: given.mapping ?? 'known',
    language,
  };
}

function mappingOf(index: number): MappingKnowledge {
  if (index % NEVER_EVERY === NEVER_EVERY - 1) return 'never';
  return index % LATE_EVERY === LATE_EVERY - 1 ? 'late' : 'known';
}

const bakery: Business = {
  verifiedName: 'Millstone Bakery',
  category: 'Bakery',
  description: 'Sourdough, rye and pastries. Order before 4 pm for the next morning.',
  address: '12 Mill Road, Cambridge',
  email: 'orders@millstone.example',
  website: 'https://millstone.example',
};

export const businessFrom = (person: Person): Person => ({ ...person, name: bakery.verifiedName, pushName: bakery.verifiedName, business: bakery });

/** People of a generated cast. With four or more of them, the fourth is a business. */
export function generatePeople(seed: number, count: number): Person[] {
  return Array.from({ length: count }, (_, index) => {
    const language = languageCycle[index % languageCycle.length] ?? 'en';
    const words = phrases[language];
    const random = new Random(seed, keyOf('cast'), index);
    const fullName = words.fullName(random.pick(words.given), random.pick(words.family));
    const mapping = count < 6 ? 'known' : mappingOf(index);
    const saved = mapping === 'known' ? index % UNSAVED_EVERY !== UNSAVED_EVERY - 1 : mapping === 'late';
    const person = personFrom(seed, {
      pn: dialling[language] + String(1000 + index).padStart(4, '0'),
      ...(saved ? { name: fullName } : {}),
      pushName: index % 3 === 0 ? fullName : fullName.split(' ')[0] ?? fullName,
      mapping,
      language,
    });
    return index === 3 ? businessFrom(person) : person;
  });
}

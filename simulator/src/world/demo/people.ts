import type { Language, MappingKnowledge } from '../types.ts';

/** Short name (it is also the push name), name in the owner's address book, language, mapping. */
export type CastRow = readonly [string, string | undefined, Language, MappingKnowledge];

/** The people of the demo, those the owner writes to most first. The first thirty have a direct chat. */
export const castRows: readonly CastRow[] = [
  ['Emma', 'Emma Walker', 'en', 'known'],
  ['Mei 陈雪梅', '陈雪梅', 'zh', 'late'],
  ['Mamá', 'Mamá', 'es', 'known'],
  ['Millstone Bakery', 'Millstone Bakery', 'en', 'known'],
  ['Daniel O.', 'Daniel Osei', 'en', 'late'],
  ['أحمد', 'أحمد الحسن', 'ar', 'known'],
  ['Priya', 'Priya Patel', 'en', 'known'],
  ['Lucía', 'Lucía Rivera', 'es', 'known'],
  ['Nadia', 'Nadia (estate agent)', 'en', 'known'],
  ['Tom 🎸', 'Tom Hughes', 'en', 'late'],
  ['Léa', 'Léa Lefèvre', 'fr', 'known'],
  ['Björn', 'Björn Köhler', 'de', 'known'],
  ['さくら', '佐藤さくら', 'ja', 'known'],
  ['Noa נועה', 'נועה כהן', 'he', 'known'],
  ['ณัฐพล', 'ณัฐพล ใจดี', 'th', 'late'],
  ['प्रिया शर्मा', 'प्रिया शर्मा', 'hi', 'known'],
  ['João', 'João Araújo', 'pt', 'known'],
  ['Ruby', undefined, 'en', 'never'],
  ['Andrés', 'Tío Andrés', 'es', 'known'],
  ['王志强', '王志强', 'zh', 'known'],
  ['Hannah', 'Hannah Bennett', 'en', 'known'],
  ['Ömer', 'Ömer Yılmaz', 'de', 'late'],
  ['Grace', 'Grace Murphy', 'en', 'known'],
  ['Abuela', 'Abuela Carmen', 'es', 'known'],
  ['ليلى', 'ليلى حداد', 'ar', 'known'],
  ['健太', '鈴木健太', 'ja', 'known'],
  ['Isla', undefined, 'en', 'never'],
  ['Chloé', 'Chloé Moreau', 'fr', 'known'],
  ['Coach Reid', 'Coach Reid', 'en', 'known'],
  ['李丽华', '李丽华', 'zh', 'known'],
  ['Patrick', undefined, 'en', 'known'],
  ['Freya', undefined, 'en', 'never'],
  ['يوسف', 'يوسف منصور', 'ar', 'known'],
  ['Mrs Turner', 'Mrs Turner (school)', 'en', 'known'],
  ['Samuel', undefined, 'en', 'late'],
  ['Maeve', undefined, 'en', 'never'],
  ['张浩然', '张浩然', 'zh', 'known'],
  ['Aidan', undefined, 'en', 'known'],
  ['خالد', 'خالد', 'ar', 'known'],
  ['Letícia', 'Letícia Simões', 'pt', 'known'],
];

export interface GroupRow {
  readonly subject: string;
  readonly language: Language;
  readonly creator: string;
  readonly members: readonly string[];
  readonly description?: string;
  readonly addressing?: 'pn' | 'lid';
  readonly gone?: readonly string[];
}

/** The owner is in all of them. */
export const groupRows: readonly GroupRow[] = [
  { subject: 'Harbour project', language: 'en', creator: 'Daniel O.', members: ['Priya', 'Ömer', 'Grace', 'Hannah', 'Samuel'], description: 'Bid for the harbour museum. Deadline and owners are in the plan.', addressing: 'lid', gone: ['Patrick'] },
  { subject: 'Familia Rivera 🏡', language: 'es', creator: 'Lucía', members: ['Mamá', 'Andrés', 'Abuela'], addressing: 'pn' },
  { subject: 'Dinner club', language: 'en', creator: 'Emma', members: ['Tom 🎸', 'Priya', 'Léa', 'Björn'], description: 'Whoever cooks chooses the day.', addressing: 'pn' },
  { subject: 'Flat hunt', language: 'en', creator: 'me', members: ['Emma', 'Tom 🎸'], addressing: 'lid' },
  { subject: 'Book club', language: 'en', creator: 'Hannah', members: ['Grace', 'Emma', 'Ruby', 'Chloé', 'Isla', 'Maeve'], description: 'One book a month, no spoilers before the first Tuesday.', gone: ['Aidan', 'Freya'] },
  { subject: '大学同学群', language: 'zh', creator: '王志强', members: ['Mei 陈雪梅', '李丽华', '张浩然'], addressing: 'lid' },
  { subject: 'شباب الحي', language: 'ar', creator: 'أحمد', members: ['ليلى', 'يوسف', 'خالد'], addressing: 'pn' },
  { subject: 'Sunday football ⚽', language: 'en', creator: 'Coach Reid', members: ['Tom 🎸', 'Daniel O.', 'Patrick', 'Samuel', 'João', 'Aidan', 'Freya', '健太'] },
];

export interface CommunityRow {
  readonly subject: string;
  readonly description: string;
  readonly creator: string;
  readonly admins: readonly string[];
  readonly members: readonly string[];
  readonly subgroups: readonly { readonly subject: string; readonly members: readonly string[] }[];
}

export const communityRows: readonly CommunityRow[] = [
  {
    subject: 'Lakeside Primary',
    description: 'News from the school office. Questions go to your class group, please.',
    creator: 'Mrs Turner',
    admins: ['Grace'],
    members: ['Grace', 'Hannah', 'Isla', 'Maeve', 'Samuel', 'Letícia', 'प्रिया शर्मा', 'Noa נועה', 'Ruby', 'Coach Reid'],
    subgroups: [
      { subject: 'Year 3 parents', members: ['Grace', 'Isla', 'Letícia', 'प्रिया शर्मा', 'Ruby'] },
      { subject: 'Winter fair', members: ['Grace', 'Hannah', 'Maeve', 'Noa נועה', 'Mrs Turner'] },
      { subject: 'Lost and found', members: ['Hannah', 'Isla', 'Samuel', 'Letícia'] },
    ],
  },
  {
    subject: 'Mill Road residents',
    description: 'For everyone between the bridge and the bakery.',
    creator: 'Patrick',
    admins: ['Freya'],
    members: ['Freya', 'Emma', 'Aidan', 'Maeve', 'Millstone Bakery', 'ณัฐพล', 'さくら', 'Ömer'],
    subgroups: [
      { subject: 'Mill Road: general', members: ['Freya', 'Emma', 'Aidan', 'Maeve', 'ณัฐพล'] },
      { subject: 'Bike shed', members: ['Aidan', 'さくら', 'Ömer'] },
    ],
  },
];

import type { Person, PersonId } from '../world/types.ts';

/** Categories of privacy settings, the values each may have, and the one it starts with (whatsmeow types/user.go). */
const CATEGORIES = {
  readreceipts: ['all', 'none'],
  last: ['all', 'contacts', 'contact_blacklist', 'none'],
  online: ['all', 'match_last_seen'],
  profile: ['all', 'contacts', 'contact_blacklist', 'none'],
  status: ['all', 'contacts', 'contact_blacklist', 'none'],
  groupadd: ['all', 'contacts', 'contact_blacklist', 'none'],
  calladd: ['all', 'known'],
  messages: ['all', 'contacts'],
  defense: ['on_standard', 'off'],
  stickers: ['contacts', 'contact_allowlist', 'none'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type PrivacyCategory = keyof typeof CATEGORIES;
export type PrivacySettings = Readonly<Record<PrivacyCategory, string>>;

export const privacyCategories = Object.keys(CATEGORIES) as readonly PrivacyCategory[];

const INITIAL = Object.fromEntries(privacyCategories.map((category) => [category, CATEGORIES[category][0]])) as PrivacySettings;

export function isPrivacyCategory(name: string): name is PrivacyCategory {
  return Object.hasOwn(CATEGORIES, name);
}

export function mayBe(category: PrivacyCategory, value: string): boolean {
  return (CATEGORIES[category] as readonly string[]).includes(value);
}

/** What each account lets others see and do. */
export class PrivacyBook {
  private readonly settings = new Map<PersonId, PrivacySettings>();

  of(person: Pick<Person, 'id'>): PrivacySettings {
    return this.settings.get(person.id) ?? INITIAL;
  }

  /** Throws a RangeError for a value that the category does not have. */
  set(person: Pick<Person, 'id'>, category: PrivacyCategory, value: string): void {
    if (!mayBe(category, value)) throw new RangeError(`${category} may be ${CATEGORIES[category].join(', ')}; got "${value}"`);
    this.settings.set(person.id, { ...this.of(person), [category]: value });
  }

  /**
   * Whether a viewer may do, or see, what the category covers. Only the owner's address book is known:
   * of two others, each counts as a contact of the other.
   */
  allows(person: Person, category: PrivacyCategory, viewer: Person): boolean {
    const value = this.of(person)[category];
    if (person.id === viewer.id || value === 'all') return true;
    if (value === 'none') return false;
    if (value === 'match_last_seen') return this.allows(person, 'last', viewer);
    return person.name !== undefined || viewer.name !== undefined;
  }
}

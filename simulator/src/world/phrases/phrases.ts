/** What people of one language say, in pieces that fit together. */
export interface Phrases {
  readonly given: readonly string[];
  readonly family: readonly string[];
  /** How a full name is written from given and family name. */
  readonly fullName: (given: string, family: string) => string;
  /** Words for `{food}`, `{place}`, `{day}`, `{time}` and `{thing}` in dialogues. */
  readonly slots: Readonly<Record<Slot, readonly string[]>>;
  /** Four lines each; a line starts with who says it: `a`, `b` or `c`. */
  readonly dialogues: readonly Dialogue[];
  readonly captions: readonly string[];
  /** File names without ending. */
  readonly files: readonly string[];
  readonly subjects: readonly string[];
  readonly abouts: readonly string[];
  readonly places: readonly Place[];
  readonly polls: readonly Poll[];
  readonly events: readonly string[];
  /** Sentences that long messages are made of. */
  readonly sentences: readonly string[];
}

export type Slot = 'food' | 'place' | 'day' | 'time' | 'thing';

export type Dialogue = readonly [string, string, string, string];

export interface Place {
  readonly name: string;
  readonly address: string;
  readonly latitude: number;
  readonly longitude: number;
}

export interface Poll {
  readonly question: string;
  readonly options: readonly string[];
}

export const givenFirst = (given: string, family: string): string => `${given} ${family}`;
export const familyFirst = (given: string, family: string): string => `${family}${given}`;

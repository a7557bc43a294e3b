/** vCards as WhatsApp's clients write them: the waid makes the card open a chat. */
import { shownNumber } from '../store/reference.ts';

export interface ContactCard {
  readonly display_name: string;
  readonly vcard: string;
}

/** `digits` is the phone number in international form. */
export function contactCard(name: string, digits: string): ContactCard {
  const lines = ['BEGIN:VCARD', 'VERSION:3.0', `N:;${escaped(name)};;;`, `FN:${escaped(name)}`, `TEL;type=CELL;type=VOICE;waid=${digits}:${shownNumber(digits)}`, 'END:VCARD'];
  return { display_name: name, vcard: lines.join('\n') };
}

/** The name that a vCard shows; undefined for text that is no vCard. */
export function nameInCard(vcard: string): string | undefined {
  const unfolded = vcard.replace(/\r?\n[ \t]/g, '');
  if (!/^\s*BEGIN:VCARD\b/i.test(unfolded) || !/END:VCARD\s*$/i.test(unfolded)) return undefined;
  const name = /^FN(?:;[^:]*)?:(.*)$/im.exec(unfolded)?.[1] ?? /^N(?:;[^:]*)?:(.*)$/im.exec(unfolded)?.[1]?.replaceAll(';', ' ');
  return name?.replace(/\\([\\,;nN])/g, (_, char: string) => (char.toLowerCase() === 'n' ? ' ' : char)).trim().slice(0, 500) || undefined;
}

function escaped(text: string): string {
  return text.replace(/[\\,;]/g, (char) => `\\${char}`).replace(/\s*[\r\n]+\s*/g, ' ');
}

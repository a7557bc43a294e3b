/** How people write whom they mean: JID, phone number, link or name, told apart without looking anything up. Pure. */
import { Failure } from '@whatsapp-mcp/contract';
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { shown } from './display-text.ts';

export type Reference =
  | { readonly kind: 'jid'; readonly jid: string }
  /** Digits in international form that it may stand for, the likeliest first. */
  | { readonly kind: 'phone'; readonly numbers: readonly string[] }
  | { readonly kind: 'name'; readonly name: string };

/** Servers of WhatsApp that stand for the one that we store (WhatsApp Web and hosted business accounts write them). */
const SERVERS: Readonly<Record<string, string>> = {
  's.whatsapp.net': 's.whatsapp.net',
  'c.us': 's.whatsapp.net',
  hosted: 's.whatsapp.net',
  lid: 'lid',
  'hosted.lid': 'lid',
  'g.us': 'g.us',
  newsletter: 'newsletter',
  broadcast: 'broadcast',
};

const JID = /^(?<user>[0-9A-Za-z.-]+)(?:_\d+)?(?::\d+)?@(?<server>[a-z.]+)$/;
const PHONE_LINK = /^(?:https?:\/\/)?(?:wa\.me\/(?:c\/)?|(?:api|web)\.whatsapp\.com\/send\/?\?(?:.*&)?phone=|whatsapp:\/\/send\/?\?(?:.*&)?phone=|tel:)(?<phone>[+0-9. ()-]+)/i;
const INVITE_LINK = /^(?:https?:\/\/)?(?:chat\.whatsapp\.com|(?:www\.)?whatsapp\.com\/channel)\//i;
const PHONE = /^[+(]?[\d\s()./\u2010-\u2015-]+$/u;
const FEWEST_DIGITS = 5;
const MOST_DIGITS = 18;
/** With country code most numbers have more. */
const LONGEST_NATIONAL = 10;

/**
 * Reads a reference. `region` (ISO 3166, such as "DE") is where numbers without country code are from.
 * @throws Failure invalid_argument for an unknown kind of JID or an invite link
 */
export function parseReference(text: string, region?: string): Reference {
  const plain = shown(text.normalize('NFKC'), 400);
  if (plain === '') throw new Failure('invalid_argument', 'Expected a JID, a phone number or a name, got empty text.');
  if (INVITE_LINK.test(plain)) throw new Failure('invalid_argument', 'An invite link names no chat. get_group_info and get_newsletter_info read it; then use the JID.');
  const jid = JID.exec(plain)?.groups;
  if (jid !== undefined) return { kind: 'jid', jid: canonicalServer(plain, jid) };
  const link = PHONE_LINK.exec(plain.replace(/%2b/gi, '+').replaceAll('%20', ' '))?.groups?.['phone'];
  const phone = link ?? plain.replace(/^@(?=[+\d])/, '');
  const digits = phone.replace(/\D/g, '');
  if (PHONE.test(phone) && digits.length >= FEWEST_DIGITS && digits.length <= MOST_DIGITS) {
    return { kind: 'phone', numbers: numbersOf(phone, digits, region, link !== undefined) };
  }
  return { kind: 'name', name: plain };
}

function canonicalServer(written: string, { user, server }: Record<string, string>): string {
  const known = SERVERS[server ?? ''];
  if (known === undefined) {
    throw new Failure('invalid_argument', `"${written}" is not a JID of WhatsApp: expected …@s.whatsapp.net, …@lid, …@g.us or …@newsletter. list_chats gives them.`);
  }
  return `${user}@${known}`;
}

function numbersOf(phone: string, digits: string, region: string | undefined, international: boolean): string[] {
  const whole = /^00/.test(digits) ? digits.slice(2) : digits;
  const abroad = parsePhoneNumberFromString(`+${whole}`)?.number.slice(1) ?? whole;
  const home = region === undefined ? undefined : parsePhoneNumberFromString(phone, region as CountryCode);
  const national = home?.isPossible() === true ? [home.number.slice(1)] : [];
  const certain = international || phone.startsWith('+') || /^00/.test(digits);
  // Programs write international digits and nothing else; people who write few, with blanks or brackets, are at home.
  const local = /^\(?0/.test(phone) || (/\D/.test(phone) && digits.length <= LONGEST_NATIONAL);
  const likely = certain ? [abroad] : local ? [...national, abroad] : [abroad, ...national];
  return [...new Set(likely.flatMap((number) => [number, ...otherForms(number)]))];
}

/** Countries whose mobile numbers WhatsApp knows in an older or longer form than people write, each pair both ways. */
const OTHER_FORMS: readonly (readonly [RegExp, string])[] = [
  [/^(55[1-9]\d)9(\d{8})$/, '$1$2'],
  [/^(55[1-9]\d)([6-9]\d{7})$/, '$19$2'],
  [/^521(\d{10})$/, '52$1'],
  [/^52(\d{10})$/, '521$1'],
  [/^549(\d{10})$/, '54$1'],
  [/^54([1-8]\d{9})$/, '549$1'],
];

function otherForms(number: string): string[] {
  return OTHER_FORMS.filter(([form]) => form.test(number)).map(([form, other]) => number.replace(form, other));
}

/** "+49 1512 3456789" of "4915123456789"; as plain digits with a plus where no country fits. */
export function shownNumber(digits: string): string {
  return parsePhoneNumberFromString(`+${digits}`)?.formatInternational() ?? `+${digits}`;
}

/** ISO 3166 region of a number in international digits; undefined where it has none. */
export function regionOf(digits: string): string | undefined {
  return parsePhoneNumberFromString(`+${digits}`)?.country;
}

import type { Exchange } from '../exchange/exchange.ts';
import { child, children, jidAttr, node, textOf } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Business, Person } from '../world/types.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** What businesses say about themselves. */
export const BUSINESS_ROWS: readonly IqRow[] = [
  { xmlns: 'w:biz', type: 'get', tag: 'business_profile', answer: readProfile },
  { xmlns: 'w:biz', type: 'set', tag: 'business_profile', answer: writeProfile },
];

const OPEN_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
/** Minutes from midnight. */
const OPENS_AT = 420;
const CLOSES_AT = 1_080;

/** People who are no business are left out of the answer. */
function readProfile({ exchange, child: asked }: IqRequest): IqAnswer {
  const profiles = children(asked, 'profile').flatMap((profile) => {
    const person = exchange.world.person(jidAttr(profile, 'jid')?.bare.toString() ?? '');
    return person?.business === undefined ? [] : [node('profile', { jid: profile.attrs['jid'] }, profileParts(person.business))];
  });
  return [node('business_profile', {}, profiles)];
}

function profileParts({ address, description, website, email, category }: Business): BinaryNode[] {
  const hours = OPEN_DAYS.map((day) => node('business_hours_config', { day_of_week: day, mode: 'specific_hours', open_time: OPENS_AT, close_time: CLOSES_AT }));
  return [
    node('address', {}, address),
    node('description', {}, description),
    node('website', {}, website),
    node('email', {}, email),
    node('categories', {}, [node('category', { id: '1' }, category)]),
    node('business_hours', { timezone: 'Europe/London' }, hours),
    node('profile_options', {}, [node('commerce_experience', {}, 'catalog'), node('cart_enabled', {}, 'true')]),
  ];
}

const EDITABLE = ['address', 'description', 'website', 'email'] as const;

/** Changes parts of the own profile (Baileys Socket/business.js: updateBussinesProfile). */
function writeProfile({ exchange, from, child: asked }: IqRequest): IqAnswer {
  const { business } = from.account.person;
  if (business === undefined) throw new Refusal(403, 'forbidden');
  for (const field of EDITABLE) {
    const given = child(asked, field);
    if (given !== undefined) exchange.world.describeBusiness(from.account.person.id, { [field]: textOf(given) });
  }
  return [node('business_profile', {})];
}

/** The business with this address. Throws a Refusal (404) where there is none. */
export function businessOf(exchange: Exchange, of: BinaryNode | undefined, name: 'jid' | 'biz_jid'): Person {
  const person = exchange.world.person(jidAttr(of, name)?.bare.toString() ?? '');
  if (person?.business === undefined) throw new Refusal(404, 'item-not-found');
  return person;
}

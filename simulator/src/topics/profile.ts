import { randomCode } from '../world-state/groups.ts';
import { Jid, SERVERS } from '../wire/jid.ts';
import { attr, node, textOf } from '../wire/node.ts';
import { setAbout } from './about.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';
import { publicJid } from './own-devices.ts';

const nothing = (): IqAnswer => [];

/** Assistants that everybody can write to (whatsmeow types/jid.go: NewMetaAIJID). */
const BOTS = [{ jid: new Jid('867051314767696', SERVERS.bot), persona_id: '867051314767696$760019659443059' }];

/** What an account says about itself, and small things that clients ask at start. */
export const PROFILE_ROWS: readonly IqRow[] = [
  {
    xmlns: 'status',
    type: 'set',
    tag: 'status',
    answer: ({ exchange, from, child }) => {
      setAbout(exchange, from, textOf(child));
      return [];
    },
  },
  { xmlns: 'w:qr', type: 'set', tag: 'qr', answer: ownLink },
  { xmlns: 'w:qr', type: 'get', tag: 'qr', answer: resolveLink },
  { xmlns: 'bot', type: 'get', answer: () => [node('bot', {}, [node('section', { type: 'all' }, BOTS.map((bot) => node('bot', bot)))])] },
  // Taken without effect: terms that were accepted, push services, statistics, dirty bits.
  { xmlns: 'tos', type: 'get', answer: nothing },
  { xmlns: 'tos', type: 'set', answer: nothing },
  { xmlns: 'urn:xmpp:whatsapp:push', type: 'set', answer: nothing },
  { xmlns: 'urn:xmpp:whatsapp:push', type: 'get', answer: nothing },
  { xmlns: 'urn:xmpp:whatsapp:dirty', type: 'set', answer: nothing },
  { xmlns: 'w:stats', type: 'set', answer: nothing },
];

/** The code of the own `wa.me/qr` link; `revoke` makes a new one. */
function ownLink({ exchange, from, child }: IqRequest): IqAnswer {
  const { contactLinks } = exchange.state;
  const { id } = from.account.person;
  const known = [...contactLinks].find(([, person]) => person === id)?.[0];
  if (known !== undefined && attr(child, 'action') !== 'revoke') return [node('qr', { code: known })];
  if (known !== undefined) contactLinks.delete(known);
  const code = randomCode(CODE_LENGTH).toUpperCase();
  contactLinks.set(code, id);
  return [node('qr', { code })];
}

const CODE_LENGTH = 14;

function resolveLink({ exchange, child }: IqRequest): IqAnswer {
  const person = exchange.state.contactLinks.get(attr(child, 'code') ?? '');
  if (person === undefined) throw new Refusal(404, 'item-not-found');
  const account = exchange.directory.accountOf(person);
  return [node('qr', { jid: publicJid(account), type: 'contact', notify: account.person.pushName })];
}

/** Questions about people, as usync takes them: many people and many questions in one stanza. */
import type { BinaryNode } from '@whiskeysockets/baileys';
import { proto, USyncQuery, USyncUser } from '@whiskeysockets/baileys';
import { canonicalUser, isLid } from '../convert/jid.ts';
import { filled, secondsToMillis, textOf } from '../convert/values.ts';
import { child, children, textIn } from './nodes.ts';
import type { Socket } from './socket.ts';

type USyncQueryProtocol = USyncQuery['protocols'][number];

export interface Person {
  readonly jid: string;
  readonly lid?: string;
  readonly about?: string;
  readonly about_set_at?: number;
  readonly picture_id?: string;
  readonly verified_name?: string;
  readonly devices?: number;
}

/** A usync protocol that Baileys does not have: an empty question, and how its answer is read. */
function protocol(name: string, question: BinaryNode, parser: (node: BinaryNode) => unknown): USyncQueryProtocol {
  return { name, getQueryElement: () => question, getUserElement: () => null, parser };
}

const node = (tag: string, attrs: Record<string, string> = {}, content?: BinaryNode[]): BinaryNode => ({ tag, attrs, ...(content !== undefined && { content }) });

function verifiedName(business: BinaryNode): string | undefined {
  const certificate = child(business, 'verified_name')?.content;
  if (!(certificate instanceof Uint8Array)) return undefined;
  const { details } = proto.VerifiedNameCertificate.decode(certificate);
  return details == null ? undefined : (proto.VerifiedNameCertificate.Details.decode(details).verifiedName ?? undefined);
}

const protocols: readonly USyncQueryProtocol[] = [
  protocol('status', node('status'), (status) => ({ about: textIn(status), t: Number(status.attrs['t'] ?? 0) })),
  protocol('picture', node('picture'), ({ attrs }) => attrs['id']),
  protocol('business', node('business', {}, [node('verified_name')]), verifiedName),
  protocol('devices', node('devices', { version: '2' }), (devices) => children(child(devices, 'device-list'), 'device').length),
  protocol('lid', node('lid'), ({ attrs }) => attrs['val']),
];

export async function askAbout(socket: Socket, jids: readonly string[]): Promise<Person[]> {
  const query = new USyncQuery().withContext('background').withMode('full');
  query.protocols.push(...protocols);
  for (const jid of jids) query.withUser(new USyncUser().withId(jid));
  const answer = await socket.executeUSyncQuery(query);
  return (answer?.list ?? []).flatMap((told) => {
    const jid = canonicalUser(told.id);
    return jid === undefined ? [] : [readPerson(jid, told)];
  });
}

function readPerson(jid: string, told: Readonly<Record<string, unknown>>): Person {
  const status = told['status'] as { about: string | undefined; t: number } | undefined;
  const lid = isLid(jid) ? jid : canonicalUser(told['lid'] as string | undefined);
  return {
    jid,
    ...filled({
      lid,
      about: textOf(status?.about, 5000),
      about_set_at: secondsToMillis(status?.t),
      picture_id: textOf(told['picture'] as string | undefined, 64),
      verified_name: textOf(told['business'] as string | undefined, 500),
      devices: told['devices'] as number | undefined,
    }),
  };
}

export interface NumberCheck {
  readonly on_whatsapp: boolean;
  readonly jid?: string;
  readonly lid?: string;
}

/** Which phone numbers (digits) have WhatsApp. */
export async function checkNumbers(socket: Socket, numbers: readonly string[]): Promise<Map<string, NumberCheck>> {
  const query = new USyncQuery().withContext('interactive').withMode('query').withContactProtocol();
  query.protocols.push(...protocols.filter(({ name }) => name === 'lid'));
  for (const number of numbers) query.withUser(new USyncUser().withPhone(`+${number}`));
  const answer = await socket.executeUSyncQuery(query);
  const found = new Map<string, NumberCheck>();
  for (const told of answer?.list ?? []) {
    const jid = canonicalUser(told.id);
    const digits = /^\d+/.exec(jid ?? '')?.[0];
    if (digits === undefined) continue;
    const exists = told['contact'] === true;
    found.set(digits, { on_whatsapp: exists, ...(exists && filled({ jid, lid: canonicalUser(told['lid'] as string | undefined) })) });
  }
  return found;
}

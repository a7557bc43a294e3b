/** People, and the own profile. */
import { readFile, stat } from 'node:fs/promises';
import { Failure } from '@whatsapp-mcp/contract';
import { canonicalUser, isLid, isPn } from '../convert/jid.ts';
import { filled } from '../convert/values.ts';
import { child, inquire, WHATSAPP } from '../session/nodes.ts';
import type { Person } from '../session/people.ts';
import { askAbout, checkNumbers } from '../session/people.ts';
import type { Socket } from '../session/socket.ts';
import type { Context, Some } from './context.ts';
import { ask } from './context.ts';

type Names =
  | 'contact.info'
  | 'contact.check'
  | 'contact.picture'
  | 'contact.block'
  | 'contact.blocklist'
  | 'profile.set_picture'
  | 'profile.set_about';

/** WhatsApp scales pictures to 640 pixels; a file beyond it is no such picture. */
const MAX_PICTURE_BYTES = 5 * 1024 * 1024;

export function contactHandlers(context: Context): Some<Names> {
  return {
    'contact.info': async ({ jids }, signal) => {
      const people = await ask(context, signal, 'nothing', (socket) => askAbout(socket, jids));
      const known = await Promise.all(people.map((person) => withNumber(context, person)));
      return { contacts: known };
    },
    'contact.check': async ({ phone_numbers }, signal) => {
      const found = await ask(context, signal, 'nothing', (socket) => checkNumbers(socket, phone_numbers));
      return { results: phone_numbers.map((phone_number) => ({ phone_number, ...(found.get(phone_number) ?? { on_whatsapp: false }) })) };
    },
    'contact.picture': async ({ jid, preview }, signal) => ask(context, signal, 'nothing', (socket) => picture(socket, jid, preview === true ? 'preview' : 'image')),
    'contact.block': async ({ jid, blocked }, signal) => {
      await ask(context, signal, 'nothing', async (socket) => {
        // Baileys needs the LID of the person, and asks for it where it has none.
        if (isPn(jid) && (await socket.signalRepository.lidMapping.getLIDForPN(jid)) === null) throw new Failure('not_found', `${jid} is not on WhatsApp.`);
        if (isLid(jid) && blocked && (await socket.signalRepository.lidMapping.getPNForLID(jid)) === null) {
          throw new Failure('not_found', `The phone number behind ${jid} is not known, and WhatsApp wants it.`);
        }
        await socket.updateBlockStatus(jid, blocked ? 'block' : 'unblock');
      });
      return {};
    },
    'contact.blocklist': async (_input, signal) => {
      const blocked = await ask(context, signal, 'nothing', (socket) => socket.fetchBlocklist());
      return { jids: blocked.map((jid) => canonicalUser(jid)).filter((jid) => jid !== undefined) };
    },
    'profile.set_picture': async ({ path }, signal) => {
      const content = await jpeg(path);
      const picture_id = await ask(context, signal, 'nothing', (socket) => setPicture(socket, content));
      return filled({ picture_id });
    },
    'profile.set_about': async ({ text }, signal) => {
      await ask(context, signal, 'nothing', (socket) => socket.updateProfileStatus(text));
      return {};
    },
  };
}

/** With the phone number behind a LID, and the LID of a number, where this device knows them. */
async function withNumber({ keys }: Context, person: Person): Promise<Person & { pn?: string }> {
  if (isPn(person.jid)) return { ...person, pn: person.jid };
  const pn = await keys.signalKeys().get('lid-mapping', [`${person.jid.replace(/@lid$/, '')}_reverse`]);
  const digits = Object.values(pn)[0];
  return { ...person, ...(typeof digits === 'string' && filled({ pn: canonicalUser(`${digits}@s.whatsapp.net`) })) };
}

async function picture(socket: Socket, jid: string, type: 'preview' | 'image'): Promise<{ has_picture: boolean; url?: string; id?: string }> {
  const question = { tag: 'picture', attrs: { type, query: 'url' } };
  const answer = await inquire(socket, { target: jid, to: WHATSAPP, type: 'get', xmlns: 'w:profile:picture' }, question).catch((error: unknown) => {
    // Whoever has no picture is answered with item-not-found.
    if ((error as { data?: unknown }).data === 404) return undefined;
    throw error;
  });
  const attrs = child(answer, 'picture')?.attrs;
  const url = attrs?.['url'];
  return url === undefined ? { has_picture: false } : { has_picture: true, url: url.slice(0, 4096), ...filled({ id: attrs?.['id']?.slice(0, 64) }) };
}

async function setPicture(socket: Socket, content: Buffer): Promise<string | undefined> {
  const answer = await inquire(socket, { to: WHATSAPP, type: 'set', xmlns: 'w:profile:picture' }, { tag: 'picture', attrs: { type: 'image' }, content });
  return child(answer, 'picture')?.attrs['id']?.slice(0, 64);
}

async function jpeg(path: string): Promise<Buffer> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw new Failure('not_found', `"path" cannot be read: ${(error as Error).message}`);
  });
  if (size > MAX_PICTURE_BYTES) throw new Failure('too_large', `The picture has ${size} bytes; at most ${MAX_PICTURE_BYTES} are taken.`);
  const content = await readFile(path);
  if (content.length < 2 || content.readUInt16BE(0) !== 0xff_d8) throw new Failure('unsupported_type', 'The picture is no JPEG file.');
  return content;
}

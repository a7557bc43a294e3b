/** Who the names of a chat export are: as told, as the database knows them, and by elimination in a direct chat. */
import { Failure, Jid, UserJid } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import { cleanName } from './export-text.ts';

export interface Author {
  readonly name: string;
  readonly fromMe: boolean;
  /** Canonical; undefined: not known. */
  readonly jid?: string;
}

export interface Directory {
  /** Canonical JIDs of the people or chats with that name, whichever source calls them so. */
  people(name: string): readonly string[];
  chats(name: string): readonly string[];
  /** The JID under which the database knows a JID. */
  canonical(jid: string): string;
  /** Canonical; none before a bridge was linked. */
  readonly own: string | undefined;
}

const fold = (name: string): string => cleanName(name).normalize('NFKC').toLowerCase();

export function readDirectory(database: Database): Directory {
  const alias = database.prepare<[string], { jid: string }>('SELECT jid FROM jid_aliases WHERE alias = ?');
  const canonical = (jid: string): string => alias.get(jid)?.jid ?? jid;
  const people = index(database.prepare<[], Named>("SELECT jid, value AS name FROM contact_facts WHERE field <> 'about'").all(), canonical);
  const chats = index(
    database.prepare<[], Named>(`SELECT jid, name FROM chats WHERE name IS NOT NULL UNION ALL
      SELECT c.jid, f.value FROM chats c JOIN contact_facts f ON f.jid = c.jid AND f.field <> 'about'`).all(),
    canonical,
  );
  const own = database.prepare<[], { v: string }>("SELECT v FROM meta WHERE k IN ('own_pn', 'own_lid') ORDER BY k DESC LIMIT 1").get()?.v;
  const look = (named: ReadonlyMap<string, ReadonlySet<string>>) => (name: string): readonly string[] => [...(named.get(fold(name)) ?? [])];
  return { people: look(people), chats: look(chats), canonical, own: own === undefined ? undefined : canonical(own) };
}

interface Named {
  readonly jid: string;
  readonly name: string;
}

function index(rows: readonly Named[], canonical: (jid: string) => string): Map<string, Set<string>> {
  const named = new Map<string, Set<string>>();
  for (const { jid, name } of rows) {
    const jids = named.get(fold(name)) ?? new Set();
    named.set(fold(name), jids.add(canonical(jid)));
  }
  return named;
}

/** "+1 555-0100", as phones write who is in no address book. */
function numberJid(name: string): string | undefined {
  const digits = /^\+[\d\s()\p{Pd}.]{6,30}$/u.test(name) ? name.replaceAll(/\D/gu, '') : '';
  return /^[1-9]\d{5,18}$/.test(digits) ? `${digits}@s.whatsapp.net` : undefined;
}

/** What exports are called: "WhatsApp Chat with Ann.txt". iPhones call the text "_chat.txt", in a folder with the name. */
const TITLES = [
  /^WhatsApp[ _]Chat(?:[ _](?:with|mit|met)|[ _]-)[ _](.+)$/iu, /^Chat[ _](?:de[ _])?WhatsApp[ _](?:con|com|de)[ _](.+)$/iu, /^Discussion[ _]WhatsApp[ _]avec[ _](.+)$/iu,
  /^Conversa[ _](?:no|do)[ _]WhatsApp[ _]com[ _](.+)$/iu, /^Чат[ _]WhatsApp[ _]с[ _](.+)$/iu, /^与(.+)的WhatsApp聊天$/iu,
];

/** @param parts names of the file, without extension, and of its folder. */
export function titleOf(parts: readonly string[]): string | undefined {
  const found = parts.flatMap((part) => TITLES.map((title) => title.exec(part.replace(/\s?\(\d+\)$/u, ''))?.[1] ?? []).flat());
  return found[0];
}

/** Throws Failure `not_found`, `ambiguous`: what was given, or what the file is called, must name one chat. */
export function chatOf(given: string | undefined, title: string | undefined, directory: Directory): string {
  const name = given ?? title;
  if (name === undefined) throw new Failure('invalid_argument', 'Which chat is it? Neither the file nor its folder is called as WhatsApp calls an export. Tell it: --chat JID, or --chat NAME of a chat in the database.');
  if (Jid.safeParse(name).success) return directory.canonical(name);
  const jids = directory.chats(name);
  const number = numberJid(name);
  if (jids.length === 0 && number !== undefined) return directory.canonical(number);
  const [jid, ...others] = jids;
  if (jid === undefined) throw new Failure('not_found', `No chat in the database is called "${name}". Tell its JID: --chat 15550100@s.whatsapp.net, or --chat 1203…@g.us.`);
  if (others.length > 0) throw new Failure('ambiguous', `Several chats are called "${name}": ${jids.join(', ')}. Tell which: --chat JID.`, { candidates: jids });
  return jid;
}

/** `Name=JID`, or `Name=+1 555 0100`. Throws Failure `invalid_argument`. */
export function readMap(pairs: readonly string[], directory: Directory): Map<string, string> {
  return new Map(
    pairs.map((given) => {
      const at = given.lastIndexOf('=');
      const value = given.slice(at + 1).trim();
      const jid = UserJid.safeParse(value).success ? value : numberJid(value);
      if (at < 1 || jid === undefined) throw new Failure('invalid_argument', `Expected "Name=JID of a person", such as "Ann=15550100@s.whatsapp.net"; "${given}" is none.`);
      return [cleanName(given.slice(0, at)), directory.canonical(jid)] as const;
    }),
  );
}

export interface Casting {
  readonly chat: string;
  /** As the user told it; '': nothing in the file is the user's. */
  readonly me: string | undefined;
  readonly map: ReadonlyMap<string, string>;
  readonly directory: Directory;
}

/** Throws Failure `invalid_argument` where it stays open who of them is the user, or who else writes in a direct chat. */
export function castAuthors(names: readonly string[], casting: Casting): Map<string, Author> {
  const me = whoIsMe(names, casting);
  const others = names.filter((name) => name !== me);
  const isDirect = !casting.chat.endsWith('@g.us');
  if (isDirect) refuseStrangers(others, casting);
  const authors = names.map((name): Author => {
    if (name === me) return { name, fromMe: true, ...(casting.directory.own !== undefined && { jid: casting.directory.own }) };
    const jid = isDirect ? casting.chat : known(name, casting);
    return { name, fromMe: false, ...(jid !== undefined && { jid }) };
  });
  return new Map(authors.map((author) => [author.name, author]));
}

function known(name: string, { map, directory }: Casting): string | undefined {
  const told = map.get(name);
  if (told !== undefined) return told;
  const [jid, ...others] = directory.people(name);
  if (jid !== undefined && others.length === 0) return jid;
  const number = numberJid(name);
  return number === undefined ? undefined : directory.canonical(number);
}

function whoIsMe(names: readonly string[], casting: Casting): string | undefined {
  const { me, chat, directory } = casting;
  const list = names.map((name) => `"${name}"`).slice(0, 20).join(', ');
  if (me === '') return undefined;
  if (me !== undefined) {
    if (names.includes(cleanName(me))) return cleanName(me);
    throw new Failure('invalid_argument', `"${me}" wrote nothing in this export; who did: ${list}. Tell --me as one of them, or --me "" where none is you.`);
  }
  const own = names.filter((name) => directory.own !== undefined && known(name, casting) === directory.own);
  if (own.length === 1) return own[0];
  const partners = names.filter((name) => known(name, casting) === chat);
  const rest = names.filter((name) => !partners.includes(name));
  if (!chat.endsWith('@g.us') && partners.length > 0 && rest.length <= 1) return rest[0];
  throw new Failure('invalid_argument', `Which of these is you: ${list}? Tell --me NAME, or --me "" where none is.`);
}

function refuseStrangers(others: readonly string[], { chat, map }: Casting): void {
  const open = others.filter((name) => map.get(name) !== chat);
  if (open.length <= 1 && others.length - open.length === 0) return;
  if (open.length === 0) return;
  throw new Failure('invalid_argument', `${chat} is a chat with one person, and besides you there write ${others.map((name) => `"${name}"`).slice(0, 20).join(', ')}. Is it another chat (--chat)? Where all of them are that person: --map "Name=${chat}" for each.`);
}

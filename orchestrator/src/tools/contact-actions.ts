/** What WhatsApp is asked about people, and told about the account itself. */
import { Failure, UserJid } from '@whatsapp-mcp/contract';
import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { nameOf, readsFor, resolveOwnChat, resolvePerson } from '../recipient.ts';
import { outgoingFile } from '../send/outgoing-file.ts';
import { shown } from '../store/display-text.ts';
import { canonicalJid, homeRegion } from '../store/identity.ts';
import { localTime } from '../store/local-time.ts';
import { namesOf } from '../store/names.ts';
import { onlyVisible } from '../store/reads.ts';
import { parseReference } from '../store/reference.ts';
import { contactFacts, contacts, groupParticipants, groups } from '../store/schema.ts';
import { withoutUndefined } from '../stored-message.ts';
import { tool } from '../tool.ts';
import type { Tool } from '../tool.ts';
import { withNotice } from '../untrusted.ts';
import { reference } from './arguments.ts';

const contactsSet = { toolset: 'contacts' } as const;

export const getContactDetails = tool({
  ...contactsSet,
  name: 'get_contact_details',
  title: 'Details of a contact',
  description: 'Names, phone number, LID, about text, picture id and common groups of a contact.',
  effect: 'reads',
  route: 'hybrid',
  operations: ['contact.info'],
  storeAlone: true,
  input: z.strictObject({ identifier: reference }),
  examples: [{ identifier: '+1 555 0100' }],
  run: async ({ identifier }, context) => {
    const jid = resolveOwnChat(context, identifier);
    if (!UserJid.safeParse(jid).success) throw new Failure('invalid_argument', `"${identifier}" (${jid}) is not a person; get_chat and get_group_info tell of other chats.`);
    return withNotice({ ...storedFacts(context, jid), ...(await liveFacts(context, jid)) });
  },
});

function storedFacts(context: Context, jid: string): JsonObject {
  const { orm } = readsFor(context);
  const person = orm.select().from(contacts).where(eq(contacts.jid, jid)).get();
  const facts = orm.select().from(contactFacts).where(eq(contactFacts.jid, jid)).all();
  return {
    jid,
    name: nameOf(context, jid),
    phone_number_jid: person?.pnJid ?? (jid.endsWith('@s.whatsapp.net') ? jid : undefined),
    lid: person?.lidJid ?? (jid.endsWith('@lid') ? jid : undefined),
    names: Object.fromEntries(facts.filter(({ field }) => field !== 'about').map(({ field, value }) => [field, shown(value)])),
    about: facts.find(({ field }) => field === 'about')?.value,
    common_groups: commonGroups(context, jid),
  };
}

function commonGroups(context: Context, jid: string): JsonObject[] {
  const reads = readsFor(context);
  const rows = reads.orm
    .select({ jid: groups.jid, name: groups.name })
    .from(groupParticipants)
    .innerJoin(groups, eq(groups.jid, groupParticipants.groupJid))
    .where(and(eq(groupParticipants.userJid, jid), isNull(groupParticipants.leftAt), onlyVisible(reads, groups.jid)))
    .limit(100)
    .all();
  return rows.map((group) => ({ jid: group.jid, name: shown(group.name) }));
}

/** The store answers alone when WhatsApp cannot be asked, and says so. */
async function liveFacts(context: Context, jid: string): Promise<JsonObject> {
  try {
    const { contacts: found } = await context.ask('contact.info', { jids: [jid] });
    const [info] = found;
    if (info === undefined) return {};
    const { about, about_set_at, picture_id, verified_name, devices, pn, lid } = info;
    return withoutUndefined({
      phone_number_jid: pn,
      lid,
      about,
      about_set_at: about_set_at === undefined ? undefined : localTime(context.timeZone).format(about_set_at),
      picture_id,
      verified_name: verified_name === undefined ? undefined : shown(verified_name),
      devices,
      live: true,
    });
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'policy_denied' || error.code === 'cancelled') throw error;
    return { live: false, warning: `From the store only: ${error.message} (${error.code})` };
  }
}

export const checkIsOnWhatsapp = tool({
  ...contactsSet,
  name: 'check_is_on_whatsapp',
  title: 'Check phone numbers',
  description: 'Tells which phone numbers (with country code) have WhatsApp. At most 50.',
  effect: 'reads',
  route: 'contact.check',
  input: z.strictObject({ phone_numbers: z.array(z.string().min(1).max(40)).min(1).max(50) }),
  examples: [{ phone_numbers: ['+1 555 0100'] }],
  run: async ({ phone_numbers }, context) => {
    const region = homeRegion(readsFor(context));
    const asked = phone_numbers.map((written) => ({ written, number: numberOf(written, region) }));
    const { results } = await context.ask('contact.check', { phone_numbers: [...new Set(asked.map(({ number }) => number))] });
    const byNumber = new Map(results.map((result) => [result.phone_number, result]));
    return { results: asked.map(({ written, number }) => ({ asked: written, ...(byNumber.get(number) ?? { phone_number: number, on_whatsapp: false }) })) };
  },
});

function numberOf(written: string, region: string | undefined): string {
  const parsed = parseReference(written, region);
  const [number] = parsed.kind === 'phone' ? parsed.numbers : [];
  if (number === undefined) throw new Failure('invalid_argument', `phone_numbers: "${written}" is no phone number. Write it with country code, as in +49 1512 3456789.`);
  return number;
}

export const getProfilePicture = tool({
  ...contactsSet,
  name: 'get_profile_picture',
  title: 'Profile picture',
  description: 'Address of the profile picture of a person or group; it works for a short time.',
  effect: 'reads',
  route: 'contact.picture',
  input: z.strictObject({ jid: reference, preview: z.boolean().optional() }),
  examples: [{ jid: '15550100@s.whatsapp.net' }],
  run: async ({ jid: written, preview }, context) => {
    const jid = resolveOwnChat(context, written);
    return { jid, ...(await context.ask('contact.picture', { jid, ...(preview !== undefined && { preview }) })) };
  },
});

export const updateProfilePicture = tool({
  ...contactsSet,
  name: 'update_profile_picture',
  title: 'Set your profile picture',
  description: 'Sets your own profile picture from a JPEG file of this machine.',
  effect: 'destroys',
  route: 'profile.set_picture',
  input: z.strictObject({ image_path: z.string().min(1).max(4096) }),
  examples: [{ image_path: '/home/me/.whatsapp-mcp/outbox/me.jpg' }],
  run: async ({ image_path }, context) => {
    const file = await outgoingFile(context.config, 'image_path', image_path);
    if (file.mimetype !== 'image/jpeg') throw new Failure('unsupported_type', `image_path: "${file.name}" is ${file.mimetype}; WhatsApp takes JPEG. Convert it first.`);
    return { success: true, ...(await context.ask('profile.set_picture', { path: file.path })) };
  },
});

export const updateProfileStatus = tool({
  ...contactsSet,
  name: 'update_profile_status',
  title: 'Set your about text',
  description: 'Sets your own about text, which others see; at most 139 characters.',
  effect: 'destroys',
  route: 'profile.set_about',
  input: z.strictObject({ status_text: z.string().max(139) }),
  examples: [{ status_text: 'Available' }],
  run: async ({ status_text }, context) => {
    await context.ask('profile.set_about', { text: status_text });
    return { success: true, about: status_text };
  },
});

function blocking(blocked: boolean): Tool {
  return tool({
    ...contactsSet,
    name: blocked ? 'block_contact' : 'unblock_contact',
    title: blocked ? 'Block a contact' : 'Unblock a contact',
    description: blocked ? 'Blocks a person.' : 'Unblocks a person.',
    effect: blocked ? 'destroys' : 'writes',
    route: 'contact.block',
    input: z.strictObject({ jid: reference }),
    examples: [{ jid: '15550100@s.whatsapp.net' }],
    run: async ({ jid: written }, context) => {
      const jid = await resolvePerson(context, written);
      await context.ask('contact.block', { jid, blocked });
      return { success: true, jid, name: nameOf(context, jid), blocked };
    },
  });
}

export const blockContact = blocking(true);
export const unblockContact = blocking(false);

export const getBlockedContacts = tool({
  ...contactsSet,
  name: 'get_blocked_contacts',
  title: 'Blocked contacts',
  description: 'Lists the people you have blocked.',
  effect: 'reads',
  route: 'contact.blocklist',
  input: z.strictObject({}),
  examples: [{}],
  run: async (_input, context) => {
    const { jids } = await context.ask('contact.blocklist', {});
    // WhatsApp lists hidden ids; everywhere else the person goes by the JID of their chat.
    const reads = readsFor(context);
    const people = [...new Set(jids.map((jid) => canonicalJid(reads, jid)))];
    const names = namesOf(reads, people);
    return withNotice({ count: people.length, blocked: people.map((jid) => ({ jid, name: names.get(jid) })) });
  },
});

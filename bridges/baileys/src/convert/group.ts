/** What WhatsApp tells of a group, as the contract has it. */
import type { GroupMetadata } from '@whiskeysockets/baileys';
import { GroupInfo } from '@whatsapp-mcp/contract';
import type { z } from 'zod';
import { canonicalJid, canonicalUser, isGroup, isLid, isPn } from './jid.ts';
import { filled, secondsToMillis, textOf } from './values.ts';

type Participant = GroupMetadata['participants'][number];

function participant({ id, phoneNumber, lid, admin }: Participant) {
  const jid = canonicalUser(id);
  if (jid === undefined) return [];
  const forms = { pn: isPn(jid) ? jid : canonicalUser(phoneNumber), lid: isLid(jid) ? jid : canonicalUser(lid) };
  return [{ jid, ...filled(forms), role: admin ?? 'member' }];
}

/** Throws a ZodError where it is no group. */
export function convertGroup(group: GroupMetadata): z.infer<typeof GroupInfo> {
  const community = isGroup(group.linkedParent) ? canonicalJid(group.linkedParent) : undefined;
  return GroupInfo.parse({
    jid: canonicalJid(group.id),
    name: textOf(group.subject, 1000) ?? '',
    ...filled({
      description: textOf(group.desc, 10_000),
      owner: canonicalUser(group.owner) ?? canonicalUser(group.ownerPn),
      created_at: secondsToMillis(group.creation),
      community,
    }),
    addressing_mode: String(group.addressingMode) === 'lid' ? 'lid' : 'pn',
    only_admins_send: group.announce ?? false,
    only_admins_edit: group.restrict ?? false,
    only_admins_add: group.memberAddMode !== true,
    join_approval: group.joinApprovalMode ?? false,
    disappearing_seconds: group.ephemeralDuration ?? 0,
    is_community: group.isCommunity ?? false,
    is_announcement_group: group.isCommunityAnnounce ?? false,
    size: group.size ?? group.participants.length,
    participants: group.participants.flatMap(participant),
  });
}

/** A call of each tool that can succeed on a stage where everything is there, and what it cannot do without. */
import { sampleOf } from 'wa-sim';
import { ToolError } from '../../harness/mcp-client.ts';
import type { Stage } from './stage.ts';

/** `store`: neither bridge; `either`: one of them, whichever; else that one. */
export type Need = 'store' | 'either' | 'whatsmeow' | 'baileys';

/** What calls are about. */
export interface Props {
  readonly emma: string;
  /** Messages in Emma's chat. */
  readonly incoming: string;
  readonly own: string;
  readonly picture: string;
  readonly poll: string;
  /** A group that the owner runs, and one to leave. */
  readonly group: string;
  readonly otherGroup: string;
  readonly guestLink: string;
  readonly community: string;
  readonly channel: string;
  readonly post: number;
  readonly business: string;
  readonly photo: string;
  readonly voice: string;
}

interface Call {
  readonly needs: Need;
  readonly args?: (props: Props) => object;
}

const chat = ({ emma }: Props) => ({ chat_jid: emma });
const incoming = ({ emma, incoming: id }: Props) => ({ chat_jid: emma, message_id: id });
const own = ({ emma, own: id }: Props) => ({ chat_jid: emma, message_id: id });
const either = (args?: Call['args']): Call => ({ needs: 'either', ...(args && { args }) });
const store = (args?: Call['args']): Call => ({ needs: 'store', ...(args && { args }) });

export const calls: Readonly<Record<string, Call>> = {
  backend_status: store(),
  get_linked_devices: either(),
  list_messages: store(chat),
  get_message_context: store(incoming),
  query_synced_messages: store(() => ({ query: 'picture' })),
  get_message_statistics: store(() => ({ group_by: 'sender' })),
  get_unread_summary: store(),
  export_chat: store(chat),
  get_poll_results: store(({ emma, poll }) => ({ chat_jid: emma, message_id: poll })),
  download_media: either(({ emma, picture }) => ({ chat_jid: emma, message_id: picture })),
  send_message: either(({ emma }) => ({ recipient: emma, message: 'One of many' })),
  send_file: either(({ emma, photo }) => ({ recipient: emma, media_path: photo })),
  send_audio_message: either(({ emma, voice }) => ({ recipient: emma, media_path: voice })),
  send_location: either(({ emma }) => ({ recipient: emma, latitude: 1, longitude: 2 })),
  send_contact: either(({ emma, business }) => ({ recipient: emma, contact: business })),
  send_poll: either(({ emma }) => ({ recipient: emma, question: 'Tea?', options: ['Yes', 'No'] })),
  send_reaction: either((props) => ({ ...incoming(props), emoji: '👍' })),
  edit_message: either((props) => ({ ...own(props), new_text: 'Mended' })),
  forward_message: either((props) => ({ ...incoming(props), recipient: props.business })),
  delete_message: either(own),
  list_chats: store(),
  get_chat: store(chat),
  get_direct_chat_by_contact: store(({ emma }) => ({ sender_phone_number: emma })),
  get_contact_chats: store(({ emma }) => ({ jid: emma })),
  get_last_interaction: store(({ emma }) => ({ jid: emma })),
  archive_chat: either(chat),
  unarchive_chat: either(chat),
  pin_chat: either(chat),
  unpin_chat: either(chat),
  mute_chat: either(chat),
  unmute_chat: either(chat),
  mark_as_read: either(chat),
  search_contacts: store(() => ({ query: 'emma' })),
  get_contact_details: store(({ emma }) => ({ identifier: emma })),
  check_is_on_whatsapp: either(() => ({ phone_numbers: ['+44 7700 900100'] })),
  get_profile_picture: either(({ emma }) => ({ jid: emma })),
  update_profile_picture: either(({ photo }) => ({ image_path: photo })),
  update_profile_status: either(() => ({ status_text: 'Here' })),
  block_contact: either(({ business }) => ({ jid: business })),
  unblock_contact: either(({ business }) => ({ jid: business })),
  get_blocked_contacts: either(),
  get_group_info: either(({ group }) => ({ group })),
  create_group: either(({ emma }) => ({ name: 'Another', participants: [emma] })),
  update_group_participants: either(({ group, emma }) => ({ group_jid: group, action: 'promote', participants: [emma] })),
  update_group_settings: either(({ group }) => ({ group_jid: group, name: 'Renamed' })),
  get_group_invite_link: either(({ group }) => ({ group_jid: group })),
  review_group_join_requests: either(({ group }) => ({ group_jid: group })),
  join_group: either(({ guestLink }) => ({ invite_link: guestLink })),
  leave_group: either(({ otherGroup }) => ({ group_jid: otherGroup })),
  list_communities: either(),
  get_community_groups: either(({ community }) => ({ community_jid: community })),
  mark_community_as_read: either(({ community }) => ({ community_jid: community })),
  mark_community_as_read_with_history: either(({ community }) => ({ community_jid: community, max_messages_per_group: 1 })),
  retrieve_full_history: either((props) => ({ ...chat(props), wait_seconds: 5 })),
  fetch_history: either((props) => ({ ...chat(props), count: 1, wait_seconds: 5 })),
  resume_sync: either(chat),
  get_sync_status: store(),
  get_sync_checkpoints: store(),
  sync_history_to_database: { needs: 'baileys' },
  clear_temp_storage: { needs: 'baileys', args: () => ({ dry_run: true }) },
  get_privacy_settings: either(),
  update_last_seen_privacy: either(() => ({ value: 'contacts' })),
  update_profile_picture_privacy: either(() => ({ value: 'contacts' })),
  update_status_privacy: either(() => ({ value: 'contacts' })),
  update_online_privacy: either(() => ({ value: 'match_last_seen' })),
  get_business_profile: either(({ business }) => ({ jid: business })),
  get_business_catalog: { needs: 'baileys', args: ({ business }) => ({ jid: business }) },
  get_product_details: { needs: 'baileys', args: ({ business }) => ({ jid: business, product_id: '7300000000' }) },
  list_newsletters: { needs: 'whatsmeow' },
  get_newsletter_info: either(({ channel }) => ({ newsletter: channel })),
  subscribe_to_newsletter: either(({ channel }) => ({ newsletter: channel })),
  react_to_newsletter_post: either(({ channel, post }) => ({ newsletter_jid: channel, server_id: post, emoji: '👍' })),
  unsubscribe_from_newsletter: either(({ channel }) => ({ newsletter: channel })),
  create_newsletter: either(() => ({ name: 'Ours' })),
};

/** Tools that name a bridge or a run of their own: their tests stand in session.test.ts and history.test.ts. */
export const apart = ['get_pairing_qr', 'request_pairing_code', 'logout_session', 'cancel_sync'] as const;

/** Brings about everything that the calls are about, through the bridge that is there. */
export async function setUp(stage: Stage): Promise<Props> {
  const emma = stage.phone('Emma');
  const { owner, newsletters } = stage.sim;
  const photo = stage.outgoing('photo.jpg', sampleOf('image', 2).bytes);
  const voice = stage.outgoing('voice.ogg', sampleOf('ptt', 1).bytes);
  interface Sent {
    readonly message_id: string;
  }
  const incoming = await stage.receive(emma, { text: 'The picture of the house' });
  const own = await stage.call<Sent>('send_message', { recipient: emma.pn, message: 'Nice picture' });
  const sent = await stage.call<Sent>('send_file', { recipient: emma.pn, media_path: photo });
  const { content } = await stage.arrives(emma, sent.message_id);
  const poll = await stage.call<Sent>('send_poll', { recipient: emma.pn, question: 'Which?', options: ['This', 'That'] });
  const channel = newsletters.create({ name: 'Tides' });
  const priya = stage.phone('Priya');
  for (const { message_id: id } of [own, poll]) await stage.row(id);
  return {
    emma: emma.pn,
    incoming,
    own: own.message_id,
    picture: await stage.receive(emma, { content: { imageMessage: content.imageMessage! } }),
    poll: poll.message_id,
    group: owner.groups.create('Run by the owner', [emma.pn]),
    otherGroup: owner.groups.create('To be left', [emma.pn]),
    guestLink: `https://chat.whatsapp.com/${priya.groups.inviteCode(priya.groups.create('Guests', []))}`,
    community: [...stage.world.groups.values()].find(({ kind }) => kind === 'community')!.jid,
    channel: channel.jid,
    post: newsletters.post(channel.jid, 'High water at six').serverId!,
    business: stage.phone('Millstone Bakery').pn,
    photo,
    voice,
  };
}

/** How the call of each tool with one of these needs ended: "ok", or code and message of its failure. */
export async function outcomes(stage: Stage, props: Props, needs: readonly Need[]): Promise<Record<string, string>> {
  const ended: [string, string][] = [];
  for (const [name, call] of Object.entries(calls)) {
    if (needs.includes(call.needs)) ended.push([name, await outcome(stage, name, call.args?.(props))]);
  }
  return Object.fromEntries(ended);
}

async function outcome(stage: Stage, name: string, args: object | undefined): Promise<string> {
  try {
    await stage.call(name, args);
    return 'ok';
  } catch (error) {
    if (error instanceof ToolError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

export const failed = (ended: Readonly<Record<string, string>>): [string, string][] => Object.entries(ended).filter(([, how]) => how !== 'ok');

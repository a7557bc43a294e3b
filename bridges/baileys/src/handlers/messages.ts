/** Sending, and what can be done to messages. */
import type { Input } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { Content, Sending } from '../session/sending.ts';
import { decodeContent, libraryKey, send } from '../session/sending.ts';
import { forwarded } from '../session/forwarding.ts';
import type { Socket } from '../session/socket.ts';
import type { Context, Some } from './context.ts';
import { ask } from './context.ts';

type Names =
  | 'message.send_text'
  | 'message.send_media'
  | 'message.send_location'
  | 'message.send_contact'
  | 'message.send_poll'
  | 'message.forward'
  | 'message.react'
  | 'message.edit'
  | 'message.revoke'
  | 'message.delete_for_me';

type Media = Input<'message.send_media'>;

export function messageHandlers(context: Context): Some<Names> {
  const sending = async (message: Sending, signal: AbortSignal) =>
    context.session.use(signal, async (socket) => {
      try {
        return await send(socket, message, context, signal);
      } catch (error) {
        if (error instanceof Failure && error.code === 'restricted') noteRestriction(context, socket, error);
        throw error;
      }
    });
  return {
    'message.send_text': async ({ text, mentions, ...frame }, signal) => sending({ ...frame, content: { text, ...(mentions !== undefined && { mentions }) } }, signal),
    'message.send_media': async (media, signal) => {
      const { to, id, ephemeral_seconds, quoted } = media;
      return sending({ to, id, ephemeral_seconds, quoted, content: mediaContent(media) }, signal);
    },
    'message.send_location': async ({ latitude, longitude, name, address, ...frame }, signal) => {
      const place = { degreesLatitude: latitude, degreesLongitude: longitude, ...(name !== undefined && { name }), ...(address !== undefined && { address }) };
      return sending({ ...frame, content: { location: place } }, signal);
    },
    'message.send_contact': async ({ display_name, vcard, ...frame }, signal) =>
      sending({ ...frame, content: { contacts: { displayName: display_name, contacts: [{ displayName: display_name, vcard }] } } }, signal),
    'message.send_poll': async ({ question, options, selectable_count, ...frame }, signal) => {
      if (selectable_count > options.length) throw new Failure('invalid_argument', `"selectable_count" is ${selectable_count}; there are ${options.length} options.`);
      return sending({ ...frame, content: { poll: { name: question, values: options, selectableCount: selectable_count } } }, signal);
    },
    'message.forward': async ({ content, forwarding_score, ...frame }, signal) =>
      sending({ ...frame, content: { ready: forwarded(decodeContent(content), forwarding_score) } }, signal),
    'message.react': async ({ key, id, emoji }, signal) => sending({ to: key.chat, id, content: { react: { text: emoji, key: libraryKey(key) } } }, signal),
    'message.edit': async ({ key, id, text }, signal) => {
      if (!key.from_me) throw new Failure('not_allowed', 'Only own messages can be edited.');
      return sending({ to: key.chat, id, content: { text, edit: libraryKey(key) } }, signal);
    },
    'message.revoke': async ({ key, id }, signal) => {
      if (!key.from_me && !key.chat.endsWith('@g.us')) throw new Failure('not_allowed', 'In a direct chat only own messages can be deleted for everyone.');
      return sending({ to: key.chat, id, content: { delete: libraryKey(key) } }, signal);
    },
    'message.delete_for_me': async ({ key, timestamp, delete_media }, signal) => {
      // Seconds, as WhatsApp's own apps write them.
      const deleteForMe = { deleteMedia: delete_media ?? false, key: libraryKey(key), timestamp: Math.floor(timestamp / 1000) };
      await ask(context, signal, 'nothing', (socket) => socket.chatModify({ deleteForMe }, key.chat));
      return {};
    },
  };
}

/** 463: the account may not begin new chats. How long, WhatsApp tells when asked; the session hears it as an event. */
function noteRestriction({ session, log }: Context, socket: Socket, failure: Failure): void {
  session.noteRestriction({ kind: 'reachout_timelock', reason: failure.message.slice(0, 500) });
  socket.fetchAccountReachoutTimelock().catch((error: unknown) => log.debug({ reason: (error as Error).message }, 'the end of the restriction is not known'));
}

function mediaContent(media: Media): Content {
  const { path, mimetype, filename, width, height, waveform, duration_seconds } = media;
  const file = { url: path };
  const shown = {
    mimetype,
    ...(media.caption !== undefined && { caption: media.caption }),
    ...(media.view_once !== undefined && { viewOnce: media.view_once }),
    ...(media.thumbnail !== undefined && { jpegThumbnail: media.thumbnail }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
  const played = duration_seconds === undefined ? {} : { seconds: duration_seconds };
  const contents: Readonly<Record<Media['kind'], () => Content>> = {
    image: () => ({ image: file, ...shown }),
    video: () => ({ video: file, ...shown, ...played }),
    gif: () => ({ video: file, gifPlayback: true, ...shown, ...played }),
    ptv: () => ({ video: file, ptv: true, ...shown, ...played }),
    audio: () => ({ audio: file, mimetype, ptt: false, ...played }),
    ptt: () => ({ audio: file, mimetype, ptt: true, ...played, ...(waveform !== undefined && { waveform: Buffer.from(waveform, 'base64') }) }),
    document: () => ({ document: file, ...shown, fileName: filename ?? 'document' }),
    sticker: () => ({ sticker: file, mimetype, ...(width !== undefined && { width }), ...(height !== undefined && { height }) }),
  };
  return contents[media.kind]();
}

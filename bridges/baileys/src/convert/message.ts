/** A message of WhatsApp as records of the contract. Pure; the rules are in contract/cases/canonical/README.md. */
import { EventRecord, MessageRecord, OpRecord } from '@whatsapp-mcp/contract';
import type { Content } from './content.ts';
import { hasContent, mentionsIn, readContent, textIn } from './content.ts';
import { eventIn, eventOfStub, missedCalls } from './events.ts';
import { canonicalUser } from './jid.ts';
import type { OpContext } from './ops.ts';
import { foldedOps, operationIn } from './ops.ts';
import { proto } from './protos.ts';
import type { ContextInfo, MessageContent } from './protos.ts';
import type { Own, Sender, SourceMessage } from './source.ts';
import { senderOf } from './source.ts';
import type { Unwrapped } from './unwrap.ts';
import { unwrap } from './unwrap.ts';
import { base64, filled, millis, positive, secondsToMillis, textOf } from './values.ts';

export interface Converted {
  readonly message?: MessageRecord;
  readonly ops?: OpRecord[];
  readonly event?: EventRecord;
}

const { StubType } = proto.WebMessageInfo;
const { Type } = proto.Message.ProtocolMessage;

/**
 * Records of one message: a message with what history folded into it, or what happened to another message, or an
 * event; none of them for what concerns only the devices. Throws a ZodError where the message makes no valid record.
 */
export function convertMessage(message: SourceMessage, own: Own): Converted {
  const { info } = message;
  const unwrapped = info.message == null ? undefined : unwrap(info.message);
  const who = senderOf(message, own, unwrapped?.destination);
  const context: OpContext = { id: info.key?.id ?? '', timestamp: secondsToMillis(info.messageTimestamp) ?? 0, who, own };
  if (unwrapped === undefined || !hasContent(unwrapped.content)) return withoutContent(message, context);
  const edited = message.source === 'history' ? editedIn(unwrapped.content, context) : undefined;
  if (edited !== undefined) {
    const target = { ...context, id: edited.id };
    const fields = { ...contentFields({ ...unwrapped, ...unwrap(edited.content) }, message), edited_at: edited.at };
    return withFolded(message, target, fields);
  }
  const op = operationIn(unwrapped.content, context);
  if (op !== undefined) return { ops: [OpRecord.parse(op)] };
  const event = eventIn(unwrapped.content, context.id, who, context.timestamp);
  if (event !== undefined) return { event: EventRecord.parse(event) };
  if (unwrapped.content.protocolMessage != null) return {};
  return withFolded(message, context, contentFields(unwrapped, message));
}

/** In history an edit is the newest form of its message (rule O-edit-history). */
function editedIn(content: MessageContent, context: OpContext): { id: string; content: MessageContent; at: number } | undefined {
  const protocol = content.protocolMessage;
  if (protocol?.type !== Type.MESSAGE_EDIT || protocol.editedMessage == null) return undefined;
  return { id: protocol.key?.id ?? context.id, content: protocol.editedMessage, at: millis(protocol.timestampMs) ?? context.timestamp };
}

function withoutContent(message: SourceMessage, context: OpContext): Converted {
  const { info, envelope } = message;
  const stub = info.messageStubType;
  if (envelope.view_once_unavailable === true) return withFolded(message, context, { kind: 'view_once_unavailable', view_once: true });
  if (stub === StubType.CIPHERTEXT) return withFolded(message, context, { kind: 'undecryptable' });
  if (stub === StubType.REVOKE) return withFolded(message, context, { kind: 'unknown', revoked: true });
  const missed = stub == null ? undefined : missedCalls.get(stub);
  if (missed !== undefined) {
    return withFolded(message, context, { kind: 'call', payload: JSON.stringify({ outcome: 'missed', video: missed, type: 'regular' }) });
  }
  const event = eventOfStub(info, context.who, context.timestamp);
  return event === undefined ? {} : { event: EventRecord.parse(event) };
}

function withFolded(message: SourceMessage, context: OpContext, fields: object): Converted {
  const record = MessageRecord.parse({ ...envelopeFields(message, context), ...fields });
  const ops = foldedOps(message.info, context).map((op) => OpRecord.parse(op));
  return ops.length === 0 ? { message: record } : { message: record, ops };
}

/** What is true of the message whatever it says. */
function envelopeFields({ info, envelope }: SourceMessage, { id, timestamp, who }: OpContext): object {
  const { from_me, ...sender }: Sender = who;
  return {
    ...filled(sender),
    ...filled({
      push_name: info.pushName === '-' ? undefined : textOf(info.pushName, 2000),
      status: from_me ? (info.status ?? undefined) : undefined,
      starred: info.starred === true ? true : undefined,
      server_id: positive(envelope.server_id) ?? positive(info.newsletterServerId),
      message_secret: base64(info.messageSecret),
    }),
    id,
    from_me,
    timestamp,
  };
}

function contentFields({ content, viewOnce, secret }: Unwrapped, { info }: SourceMessage): object {
  const said = readContent(content);
  return {
    kind: said.kind,
    ...filled({
      text: textOf(said.text),
      media: said.media,
      width: said.width,
      height: said.height,
      duration_seconds: said.duration_seconds,
      thumbnail: said.thumbnail,
      payload: said.payload === undefined ? undefined : JSON.stringify(said.payload),
      view_once: viewOnce || said.viewOnce === true ? true : undefined,
      ephemeral_seconds: positive(said.context?.expiration) ?? positive(info.ephemeralDuration),
      message_secret: base64(secret),
      raw: rawOf(content),
    }),
    ...contextFields(said),
  };
}

function contextFields({ context, quotedId }: Content): object {
  return filled({
    quoted_id: quotedId ?? context?.stanzaId,
    quoted_sender: canonicalUser(context?.participant),
    quoted_text: textIn(context?.quotedMessage, 65_536),
    mentions: mentionsIn(context),
    forwarding_score: forwardingScore(context),
  });
}

function forwardingScore(context: ContextInfo | null | undefined): number | undefined {
  return positive(context?.forwardingScore) ?? (context?.isForwarded === true ? 1 : undefined);
}

/** Rule U3: the whole message, where the other fields do not hold all of it. */
function rawOf(content: MessageContent): string | undefined {
  const text = content.extendedTextMessage;
  const preview = [text?.matchedText, text?.title, text?.description, text?.jpegThumbnail].some((part) => part != null && part.length > 0);
  if (content.conversation || (text != null && !preview)) return undefined;
  const { messageContextInfo: _context, senderKeyDistributionMessage: _keys, ...rest } = content;
  return base64(proto.Message.encode(rest).finish());
}

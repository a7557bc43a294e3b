/** What happened to a chat: rules E-*. */
import { canonicalJid } from './jid.ts';
import { proto } from './protos.ts';
import type { MessageContent, WebMessageInfo } from './protos.ts';
import type { Sender } from './source.ts';
import { filled } from './values.ts';

/** An EventRecord before it is checked. */
export type EventDraft = Record<string, unknown>;

const { StubType } = proto.WebMessageInfo;
const { Type } = proto.Message.ProtocolMessage;

const MAX_PARAMETERS = 1100;
const MAX_PARAMETER = 4000;

/** Baileys writes participants of a change as JSON objects with an id; the phone writes plain JIDs. */
function parameter(told: string): string {
  const id = /^\{.*"id":\s*"([^"]+)"/.exec(told)?.[1] ?? told;
  return (canonicalJid(id) ?? told).slice(0, MAX_PARAMETER);
}

const event = (who: Sender, timestamp: number, fields: EventDraft): EventDraft => ({
  chat: who.chat,
  timestamp,
  ...filled({ actor: who.sender }),
  ...fields,
});

/** The event that a stub tells; undefined for none and for those that stand for a message. */
export function eventOfStub(info: WebMessageInfo, who: Sender, timestamp: number): EventDraft | undefined {
  const stub = info.messageStubType;
  if (stub == null || stub <= StubType.CIPHERTEXT) return undefined;
  return event(who, timestamp, {
    type: (StubType as Readonly<Record<number, string | undefined>>)[stub]?.toLowerCase() ?? `stub_${stub}`,
    ...filled({ id: info.key?.id }),
    parameters: (info.messageStubParameters ?? []).slice(0, MAX_PARAMETERS).map(parameter),
  });
}

/** The event that a protocol message tells; undefined where it is none. */
export function eventIn(content: MessageContent, id: string, who: Sender, timestamp: number): EventDraft | undefined {
  const protocol = content.protocolMessage;
  if (protocol?.type === Type.EPHEMERAL_SETTING) {
    return event(who, timestamp, { type: 'change_ephemeral_setting', id, parameters: [String(protocol.ephemeralExpiration ?? 0)] });
  }
  if (protocol?.type === Type.GROUP_MEMBER_LABEL_CHANGE) {
    return event(who, timestamp, { type: 'group_member_label_change', id, parameters: [protocol.memberLabel?.label ?? ''] });
  }
  return undefined;
}

/** Stub types of missed calls, with whether they were video calls. */
export const missedCalls: ReadonlyMap<number, boolean> = new Map([
  [StubType.CALL_MISSED_VOICE, false],
  [StubType.CALL_MISSED_VIDEO, true],
  [StubType.CALL_MISSED_GROUP_VOICE, false],
  [StubType.CALL_MISSED_GROUP_VIDEO, true],
]);

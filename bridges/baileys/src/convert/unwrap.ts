/** Content out of its envelopes: rules U1, U2, U4 and C3. */
import type { MessageContent } from './protos.ts';
import type { Bytes } from './values.ts';

/** Messages that only hold another one. */
const wrappers = [
  'deviceSentMessage',
  'botInvokeMessage',
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'lottieStickerMessage',
  'documentWithCaptionMessage',
  'editedMessage',
  'associatedChildMessage',
  'groupStatusMessage',
  'groupStatusMessageV2',
  'groupMentionedMessage',
  'botForwardedMessage',
  'botTaskMessage',
  'questionMessage',
  'questionReplyMessage',
  'pollCreationMessageV4',
  'statusAddYours',
] as const satisfies readonly (keyof MessageContent)[];

const MAX_LEVELS = 16;

export interface Unwrapped {
  readonly content: MessageContent;
  readonly viewOnce: boolean;
  readonly secret: Bytes;
  /** Where an own message went that another device of the account sent. */
  readonly destination: string | undefined;
}

export function unwrap(message: MessageContent): Unwrapped {
  let content = message;
  let viewOnce = false;
  let secret: Bytes = message.messageContextInfo?.messageSecret;
  let destination: string | undefined;
  for (let level = 0; level < MAX_LEVELS; level += 1) {
    const current: MessageContent = content;
    const wrapper = wrappers.find((name) => current[name]?.message != null);
    const inner = wrapper === undefined ? undefined : current[wrapper]?.message;
    if (wrapper === undefined || inner == null) break;
    viewOnce ||= wrapper.startsWith('viewOnce');
    destination ??= current.deviceSentMessage?.destinationJid ?? undefined;
    content = inner;
    const innerSecret = inner.messageContextInfo?.messageSecret;
    if (innerSecret != null && innerSecret.length > 0) secret = innerSecret;
  }
  return { content, viewOnce, secret, destination };
}

import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { CollectionName } from './store.ts';

/** Something a person does to their own account, ready to be written into a collection. */
export interface Action {
  readonly collection: CollectionName;
  readonly index: readonly string[];
  readonly apiVersion: number;
  readonly value: proto.ISyncActionValue;
}

/** A message as indexes name it. */
export interface MessageRef {
  readonly chat: string;
  readonly id: string;
  readonly fromMe: boolean;
  /** The author in a group, if it is somebody else. */
  readonly participant?: string;
}

const reference = ({ chat, id, fromMe, participant }: MessageRef): string[] => [chat, id, fromMe ? '1' : '0', participant ?? '0'];

/** The newest message that an action covers: clients leave later ones alone. */
export interface Range {
  /** Unix seconds. */
  readonly lastTimestamp: number;
  readonly key?: proto.IMessageKey;
}

const messageRange = ({ lastTimestamp, key }: Range): proto.SyncActionValue.ISyncActionMessageRange => ({
  lastMessageTimestamp: lastTimestamp,
  ...(key ? { messages: [{ key, timestamp: lastTimestamp }] } : {}),
});

export interface ContactCard {
  readonly fullName: string;
  readonly firstName?: string;
  readonly lidJid?: string;
  readonly pnJid?: string;
}

/** Collections, indexes and versions as phones write them (whatsmeow appstate/encode.go, Baileys chat-utils chatModificationToAppPatch). */
export const actions = {
  pin: (chat: string, pinned: boolean): Action => ({ collection: 'regular_low', index: ['pin_v1', chat], apiVersion: 5, value: { pinAction: { pinned } } }),

  archive: (chat: string, archived: boolean, range: Range): Action => ({
    collection: 'regular_low',
    index: ['archive', chat],
    apiVersion: 3,
    value: { archiveChatAction: { archived, messageRange: messageRange(range) } },
  }),

  /** Until Unix milliseconds, -1 = for ever, 0 = not muted any more. */
  mute: (chat: string, until: number): Action => ({
    collection: 'regular_high',
    index: ['mute', chat],
    apiVersion: 2,
    value: { muteAction: until === 0 ? { muted: false } : { muted: true, muteEndTimestamp: until } },
  }),

  markRead: (chat: string, read: boolean, range: Range): Action => ({
    collection: 'regular_low',
    index: ['markChatAsRead', chat],
    apiVersion: 3,
    value: { markChatAsReadAction: { read, messageRange: messageRange(range) } },
  }),

  star: (message: MessageRef, starred: boolean): Action => ({
    collection: 'regular_high',
    index: ['star', ...reference(message)],
    apiVersion: 2,
    value: { starAction: { starred } },
  }),

  deleteForMe: (message: MessageRef, timestamp: number, deleteMedia: boolean): Action => ({
    collection: 'regular_high',
    index: ['deleteMessageForMe', ...reference(message)],
    apiVersion: 3,
    value: { deleteMessageForMeAction: { deleteMedia, messageTimestamp: timestamp } },
  }),

  deleteChat: (chat: string, range: Range): Action => ({
    collection: 'regular_high',
    index: ['deleteChat', chat, '1'],
    apiVersion: 6,
    value: { deleteChatAction: { messageRange: messageRange(range) } },
  }),

  clearChat: (chat: string, range: Range): Action => ({
    collection: 'regular_high',
    index: ['clearChat', chat, '1', '0'],
    apiVersion: 6,
    value: { clearChatAction: { messageRange: messageRange(range) } },
  }),

  contact: (jid: string, { fullName, firstName, lidJid, pnJid }: ContactCard): Action => ({
    collection: 'critical_unblock_low',
    index: ['contact', jid],
    apiVersion: 2,
    value: {
      contactAction: {
        fullName,
        firstName: firstName ?? fullName.split(' ')[0] ?? fullName,
        saveOnPrimaryAddressbook: true,
        ...(lidJid ? { lidJid } : {}),
        ...(pnJid ? { pnJid } : {}),
      },
    },
  }),

  /** A contact without a number. */
  lidContact: (lid: string, fullName: string): Action => ({
    collection: 'critical_unblock_low',
    index: ['lid_contact', lid],
    apiVersion: 1,
    value: { lidContactAction: { fullName, firstName: fullName.split(' ')[0] ?? fullName } },
  }),

  pnForLid: (lid: string, pnJid: string): Action => ({ collection: 'regular', index: ['pnForLidChat', lid], apiVersion: 8, value: { pnForLidChatAction: { pnJid } } }),

  pushName: (name: string): Action => ({ collection: 'critical_block', index: ['setting_pushName'], apiVersion: 1, value: { pushNameSetting: { name } } }),

  locale: (locale: string): Action => ({ collection: 'critical_block', index: ['setting_locale'], apiVersion: 3, value: { localeSetting: { locale } } }),

  unarchiveChats: (unarchiveChats: boolean): Action => ({
    collection: 'regular_low',
    index: ['setting_unarchiveChats'],
    apiVersion: 4,
    value: { unarchiveChatsSetting: { unarchiveChats } },
  }),

  /** Colour is an index into a palette of twenty. */
  labelEdit: (id: string, label: { readonly name: string; readonly color: number; readonly deleted?: boolean }): Action => ({
    collection: 'regular',
    index: ['label_edit', id],
    apiVersion: 3,
    value: { labelEditAction: { name: label.name, color: label.color, deleted: label.deleted ?? false } },
  }),

  labelChat: (id: string, chat: string, labeled: boolean): Action => ({
    collection: 'regular',
    index: ['label_jid', id, chat],
    apiVersion: 3,
    value: { labelAssociationAction: { labeled } },
  }),

  labelMessage: (id: string, message: Pick<MessageRef, 'chat' | 'id'>, labeled: boolean): Action => ({
    collection: 'regular',
    index: ['label_message', id, message.chat, message.id, '0', '0'],
    apiVersion: 3,
    value: { labelAssociationAction: { labeled } },
  }),
} as const;

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { proto } from '../convert/protos.ts';
import { splitHistory } from './wire.ts';

const message = fc.record({ id: fc.string({ minLength: 1, maxLength: 20 }), text: fc.string({ maxLength: 200 }) });
const conversation = fc.record({ id: fc.string({ minLength: 1, maxLength: 30 }), name: fc.string(), messages: fc.array(message, { maxLength: 5 }) });

describe('splitting a HistorySync', () => {
  test('finds what protobufjs finds, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(conversation, { maxLength: 5 }), fc.nat(1_000_000), (conversations, chunkOrder) => {
        const infos = conversations.flatMap(({ id, messages }) =>
          messages.map((one) => ({ chat: id, info: { key: { remoteJid: id, id: one.id }, message: { conversation: one.text } } })),
        );
        const sync = proto.HistorySync.create({
          syncType: proto.HistorySync.HistorySyncType.RECENT,
          chunkOrder,
          progress: 40,
          conversations: conversations.map(({ id, name, messages }) => ({
            id,
            name,
            messages: messages.map((one) => ({ message: { key: { remoteJid: id, id: one.id }, message: { conversation: one.text } } })),
          })),
          pushnames: [{ id: '1@lid', pushname: 'A' }],
          phoneNumberToLidMappings: [{ pnJid: '1@s.whatsapp.net', lidJid: '1@lid' }],
        });
        const parts = splitHistory(Buffer.from(proto.HistorySync.encode(sync).finish()));
        expect(parts).toMatchObject({ chunkOrder, progress: 40 });
        expect(parts.messages.map(({ chat, bytes }) => ({ chat, bytes: bytes.toString('hex') }))).toEqual(
          infos.map(({ chat, info }) => ({ chat, bytes: Buffer.from(proto.WebMessageInfo.encode(proto.WebMessageInfo.fromObject(info)).finish()).toString('hex') })),
        );
        expect(parts.conversations.map(({ bytes }) => proto.Conversation.decode(bytes).toJSON())).toEqual(conversations.map(({ id, name }) => ({ id, name })));
        expect([parts.pushNames.length, parts.mappings.length]).toEqual([1, 1]);
      }),
    );
  });

  test('ends with a RangeError, never otherwise, where the bytes are no protobuf', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          splitHistory(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

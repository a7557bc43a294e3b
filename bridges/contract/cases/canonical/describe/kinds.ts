import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { base64, bytes, kind } from './vector.ts';

const { CallOutcome, CallType } = proto.Message.CallLogMessage;
const { CallType: PlannedType } = proto.Message.ScheduledCallCreationMessage;

const file = {
  url: 'https://mmg.whatsapp.net/v/t62/1',
  directPath: '/v/t62/1?ccb=11&oh=02&oe=68',
  mediaKey: bytes(1, 2, 3),
  fileSha256: bytes(4, 5, 6),
  fileEncSha256: bytes(7, 8, 9),
  fileLength: 12_345,
};
const source = {
  url: 'https://mmg.whatsapp.net/v/t62/1',
  direct_path: '/v/t62/1?ccb=11&oh=02&oe=68',
  media_key: base64(1, 2, 3),
  file_sha256: base64(4, 5, 6),
  file_enc_sha256: base64(7, 8, 9),
  file_length: 12_345,
};

const image: proto.IMessage = { imageMessage: { ...file, mimetype: 'image/jpeg', caption: 'Sunset', width: 800, height: 600, jpegThumbnail: bytes(255, 216) } };
const imageRecord = { kind: 'image', text: 'Sunset', width: 800, height: 600, thumbnail: base64(255, 216), media: { kind: 'image', mimetype: 'image/jpeg', ...source } };

const media = [
  kind('image with a caption', 'K-image M1', image, { ...imageRecord, raw_fields: ['imageMessage'] }),
  kind('video', 'K-video M1', { videoMessage: { ...file, mimetype: 'video/mp4', seconds: 7 } }, { kind: 'video', duration_seconds: 7, media: { kind: 'video', mimetype: 'video/mp4', ...source }, raw_fields: ['videoMessage'] }),
  kind('gif', 'K-video', { videoMessage: { ...file, gifPlayback: true } }, { kind: 'gif', media: { kind: 'gif', ...source }, raw_fields: ['videoMessage'] }),
  kind('round video', 'K-video', { ptvMessage: { ...file } }, { kind: 'ptv', media: { kind: 'ptv', ...source }, raw_fields: ['ptvMessage'] }),
  kind('audio file', 'K-audio', { audioMessage: { ...file, seconds: 61, ptt: false } }, { kind: 'audio', duration_seconds: 61, media: { kind: 'audio', ...source }, raw_fields: ['audioMessage'] }),
  kind('voice note', 'K-audio', { audioMessage: { ...file, seconds: 3, ptt: true, mimetype: 'audio/ogg; codecs=opus' } }, { kind: 'ptt', duration_seconds: 3, media: { kind: 'ptt', mimetype: 'audio/ogg; codecs=opus', ...source }, raw_fields: ['audioMessage'] }),
  kind('document by file name', 'K-document M1', { documentMessage: { ...file, fileName: 'bill.pdf', title: 'Bill' } }, { kind: 'document', media: { kind: 'document', filename: 'bill.pdf', ...source }, raw_fields: ['documentMessage'] }),
  kind('document by title', 'K-document M1', { documentMessage: { ...file, title: 'Bill' } }, { kind: 'document', media: { kind: 'document', filename: 'Bill', ...source }, raw_fields: ['documentMessage'] }),
  kind('sticker', 'K-sticker M1', { stickerMessage: { ...file, isAnimated: true, pngThumbnail: bytes(137) } }, { kind: 'sticker', thumbnail: base64(137), payload: { animated: true }, media: { kind: 'sticker', ...source }, raw_fields: ['stickerMessage'] }),
  kind('album', 'K-album', { albumMessage: { expectedImageCount: 3, expectedVideoCount: 0 } }, { kind: 'album', payload: { expected_images: 3 }, raw_fields: ['albumMessage'] }),
];

const texts = [
  kind('plain text', 'K-text U3', { conversation: 'Hello' }, { kind: 'text', text: 'Hello' }),
  kind('extended text without preview', 'K-text U3', { extendedTextMessage: { text: 'Hello' } }, { kind: 'text', text: 'Hello' }),
  kind('text with a link preview', 'K-text U3', { extendedTextMessage: { text: 'See https://example.com', matchedText: 'https://example.com', title: 'Example' } }, { kind: 'text', text: 'See https://example.com', raw_fields: ['extendedTextMessage'] }),
  kind('comment', 'K-comment', { commentMessage: { message: { conversation: 'Nice' }, targetMessageKey: { id: 'T1' } } }, { kind: 'text', text: 'Nice', quoted_id: 'T1', raw_fields: ['commentMessage'] }),
];

const places = [
  kind('location', 'K-location', { locationMessage: { degreesLatitude: 52.5, degreesLongitude: -13.25, name: 'Zoo', address: 'Main St 1' } }, { kind: 'location', payload: { latitude: 52.5, longitude: -13.25, name: 'Zoo', address: 'Main St 1' }, raw_fields: ['locationMessage'] }),
  kind('location at zero', 'K-location', { locationMessage: { degreesLatitude: 0, degreesLongitude: 0 } }, { kind: 'location', payload: { latitude: 0, longitude: 0 }, raw_fields: ['locationMessage'] }),
  kind('live location', 'K-live', { liveLocationMessage: { degreesLatitude: 1, degreesLongitude: 2, accuracyInMeters: 5, speedInMps: 1.5, caption: 'On my way', sequenceNumber: 9 } }, { kind: 'live_location', text: 'On my way', payload: { latitude: 1, longitude: 2, accuracy_m: 5, speed_mps: 1.5, sequence: 9 }, raw_fields: ['liveLocationMessage'] }),
];

const people = [
  kind('contact', 'K-contact', { contactMessage: { displayName: 'Cy', vcard: 'BEGIN:VCARD' } }, { kind: 'contact', text: 'Cy', payload: { contacts: [{ display_name: 'Cy', vcard: 'BEGIN:VCARD' }] }, raw_fields: ['contactMessage'] }),
  kind('contacts', 'K-contacts', { contactsArrayMessage: { displayName: '2 contacts', contacts: [{ displayName: 'Cy', vcard: 'A' }, { displayName: 'Di', vcard: 'B' }] } }, { kind: 'contacts', text: '2 contacts', payload: { contacts: [{ display_name: 'Cy', vcard: 'A' }, { display_name: 'Di', vcard: 'B' }] }, raw_fields: ['contactsArrayMessage'] }),
  kind('group invite', 'K-group-invite', { groupInviteMessage: { groupJid: '120363001@g.us', inviteCode: 'abc', groupName: 'Team', inviteExpiration: 1_700_000_100, caption: 'Join us' } }, { kind: 'group_invite', text: 'Join us', payload: { group: '120363001@g.us', name: 'Team', code: 'abc', expires_ms: 1_700_000_100_000 }, raw_fields: ['groupInviteMessage'] }),
];

const options = [{ optionName: 'Yes' }, { optionName: 'No' }];
const pollPayload = { question: 'Come?', options: ['Yes', 'No'], selectable_count: 1 };
const polls = [
  ...(['pollCreationMessage', 'pollCreationMessageV2', 'pollCreationMessageV3', 'pollCreationMessageV5'] as const).map((field) =>
    kind(`poll as ${field}`, 'K-poll', { [field]: { name: 'Come?', options, selectableOptionsCount: 1 } }, { kind: 'poll', text: 'Come?', payload: pollPayload, raw_fields: [field] }),
  ),
  kind('poll with any number of answers', 'K-poll', { pollCreationMessageV3: { name: 'Come?', options } }, { kind: 'poll', text: 'Come?', payload: { ...pollPayload, selectable_count: 0 }, raw_fields: ['pollCreationMessageV3'] }),
  kind('poll result', 'K-poll-result', { pollResultSnapshotMessage: { name: 'Come?', pollVotes: [{ optionName: 'Yes', optionVoteCount: 2 }, { optionName: 'No', optionVoteCount: 0 }] } }, { kind: 'poll', text: 'Come?', payload: { question: 'Come?', results: [{ option: 'Yes', votes: 2 }, { option: 'No', votes: 0 }] }, raw_fields: ['pollResultSnapshotMessage'] }),
  kind('event', 'K-event', { eventMessage: { name: 'Party', description: 'At home', startTime: 1_700_000_200, isCanceled: false, location: { degreesLatitude: 1, degreesLongitude: 2, name: 'Home' } } }, { kind: 'event', text: 'Party', payload: { name: 'Party', description: 'At home', start_ms: 1_700_000_200_000, location: { latitude: 1, longitude: 2, name: 'Home' } }, raw_fields: ['eventMessage'] }),
  kind('canceled event', 'K-event', { eventMessage: { name: 'Party', isCanceled: true } }, { kind: 'event', text: 'Party', payload: { name: 'Party', canceled: true }, raw_fields: ['eventMessage'] }),
];

const interactive = [
  kind('buttons', 'K-buttons', { buttonsMessage: { contentText: 'Choose', footerText: 'Shop', buttons: [{ buttonId: 'b1', buttonText: { displayText: 'One' } }] } }, { kind: 'buttons', text: 'Choose', payload: { footer: 'Shop', buttons: [{ id: 'b1', text: 'One' }] }, raw_fields: ['buttonsMessage'] }),
  kind('answer to buttons', 'K-buttons-reply', { buttonsResponseMessage: { selectedButtonId: 'b1', selectedDisplayText: 'One' } }, { kind: 'buttons', text: 'One', payload: { selected_id: 'b1' }, raw_fields: ['buttonsResponseMessage'] }),
  kind('list', 'K-list', { listMessage: { title: 'Menu', description: 'Pick', buttonText: 'Open', sections: [{ title: 'Food', rows: [{ rowId: 'r1', title: 'Soup', description: 'Hot' }] }] } }, { kind: 'list', text: 'Pick', payload: { title: 'Menu', button: 'Open', sections: [{ title: 'Food', rows: [{ id: 'r1', title: 'Soup', description: 'Hot' }] }] }, raw_fields: ['listMessage'] }),
  kind('answer to a list', 'K-list-reply', { listResponseMessage: { title: 'Soup', singleSelectReply: { selectedRowId: 'r1' } } }, { kind: 'list', text: 'Soup', payload: { selected_id: 'r1' }, raw_fields: ['listResponseMessage'] }),
  kind('interactive', 'K-interactive', { interactiveMessage: { header: { title: 'Order' }, body: { text: 'Ready' }, footer: { text: 'Shop' }, nativeFlowMessage: { buttons: [{ name: 'cta_url', buttonParamsJson: '{"u":1}' }] } } }, { kind: 'interactive', text: 'Ready', payload: { title: 'Order', footer: 'Shop', buttons: [{ name: 'cta_url', parameters: '{"u":1}' }] }, raw_fields: ['interactiveMessage'] }),
  kind('answer to interactive', 'K-interactive-reply', { interactiveResponseMessage: { body: { text: 'Done' }, nativeFlowResponseMessage: { name: 'flow', paramsJson: '{}' } } }, { kind: 'interactive', text: 'Done', payload: { name: 'flow', parameters: '{}' }, raw_fields: ['interactiveResponseMessage'] }),
  kind('template', 'K-template', { templateMessage: { hydratedTemplate: { hydratedContentText: 'Your code', hydratedFooterText: 'Bank', hydratedButtons: [{ quickReplyButton: { id: 'q', displayText: 'OK' } }, { urlButton: { displayText: 'Web', url: 'https://example.com' } }] } } }, { kind: 'template', text: 'Your code', payload: { footer: 'Bank', buttons: [{ id: 'q', text: 'OK' }, { text: 'Web', url: 'https://example.com' }] }, raw_fields: ['templateMessage'] }),
  kind('answer to a template', 'K-template-reply', { templateButtonReplyMessage: { selectedId: 'q', selectedDisplayText: 'OK' } }, { kind: 'template', text: 'OK', payload: { selected_id: 'q' }, raw_fields: ['templateButtonReplyMessage'] }),
];

const trade = [
  kind('product', 'K-product', { productMessage: { product: { productId: 'p1', title: 'Shoe', priceAmount1000: 49_990, currencyCode: 'EUR' }, businessOwnerJid: '15550300@s.whatsapp.net' } }, { kind: 'product', text: 'Shoe', payload: { product_id: 'p1', title: 'Shoe', price_thousandths: 49_990, currency: 'EUR', business: '15550300@s.whatsapp.net' }, raw_fields: ['productMessage'] }),
  kind('order', 'K-order', { orderMessage: { orderId: 'o1', token: 't', orderTitle: 'Shoes', itemCount: 2, totalAmount1000: 99_980, totalCurrencyCode: 'EUR', sellerJid: '15550300@s.whatsapp.net' } }, { kind: 'order', text: 'Shoes', payload: { order_id: 'o1', token: 't', title: 'Shoes', seller: '15550300@s.whatsapp.net', items: 2, total_thousandths: 99_980, currency: 'EUR' }, raw_fields: ['orderMessage'] }),
  kind('payment request', 'K-payment', { requestPaymentMessage: { amount1000: 5000, currencyCodeIso4217: 'BRL', expiryTimestamp: 1_700_000_300, noteMessage: { extendedTextMessage: { text: 'Lunch' } } } }, { kind: 'payment', text: 'Lunch', payload: { action: 'request', amount_thousandths: 5000, currency: 'BRL', expires_ms: 1_700_000_300_000 }, raw_fields: ['requestPaymentMessage'] }),
  kind('payment', 'K-payment', { sendPaymentMessage: { noteMessage: { conversation: 'Thanks' } } }, { kind: 'payment', text: 'Thanks', payload: { action: 'send' }, raw_fields: ['sendPaymentMessage'] }),
];

const calls = [
  kind('call log', 'K-call', { callLogMesssage: { isVideo: true, callOutcome: CallOutcome.MISSED, callType: CallType.REGULAR, durationSecs: 0 } }, { kind: 'call', payload: { video: true, outcome: 'missed', type: 'regular' }, raw_fields: ['callLogMesssage'] }),
  kind('call offer', 'K-call-offer', { call: { callKey: bytes(1) } }, { kind: 'call', raw_fields: ['call'] }),
  kind('planned call', 'K-call-plan', { scheduledCallCreationMessage: { title: 'Weekly', scheduledTimestampMs: 1_700_000_400_000, callType: PlannedType.VIDEO } }, { kind: 'call', text: 'Weekly', payload: { start_ms: 1_700_000_400_000, video: true }, raw_fields: ['scheduledCallCreationMessage'] }),
];

const others = [
  kind('kept in chat', 'K-system', { keepInChatMessage: { keepType: proto.KeepType.KEEP_FOR_ALL } }, { kind: 'system', raw_fields: ['keepInChatMessage'] }),
  kind('unknown content', 'K-unknown', { stickerPackMessage: { name: 'Cats' } }, { kind: 'unknown', raw_fields: ['stickerPackMessage'] }),
  kind('reaction that is encrypted', 'O-reaction K-unknown', { encReactionMessage: { targetMessageKey: { id: 'T1' }, encPayload: bytes(1) } }, { kind: 'unknown', raw_fields: ['encReactionMessage'] }),
];

export const kinds = [...texts, ...media, ...places, ...people, ...polls, ...interactive, ...trade, ...calls, ...others];

/** Places, people, polls, events, goods, money and calls: rules K-location to K-event, K-product to K-call-plan, K-group-invite, K-system. */
import { canonicalUser } from './jid.ts';
import type { Content, Readers } from './content.ts';
import { proto } from './protos.ts';
import type { ContextInfo, MessageContent } from './protos.ts';
import { filledOrNothing, millis, numberOf, positive, secondsToMillis } from './values.ts';

function location(message: proto.Message.ILocationMessage): Content {
  return {
    kind: message.isLive ? 'live_location' : 'location',
    text: message.comment,
    context: message.contextInfo,
    payload: filledOrNothing({
      latitude: numberOf(message.degreesLatitude),
      longitude: numberOf(message.degreesLongitude),
      name: message.name,
      address: message.address,
      url: message.url,
      accuracy_m: positive(message.accuracyInMeters),
    }),
  };
}

function liveLocation(message: proto.Message.ILiveLocationMessage): Content {
  return {
    kind: 'live_location',
    text: message.caption,
    context: message.contextInfo,
    payload: filledOrNothing({
      latitude: numberOf(message.degreesLatitude),
      longitude: numberOf(message.degreesLongitude),
      accuracy_m: positive(message.accuracyInMeters),
      speed_mps: positive(message.speedInMps),
      heading_degrees: positive(message.degreesClockwiseFromMagneticNorth),
      sequence: positive(message.sequenceNumber),
    }),
  };
}

const card = ({ displayName, vcard }: proto.Message.IContactMessage) => filledOrNothing({ display_name: displayName, vcard }) ?? {};

function poll(message: proto.Message.IPollCreationMessage): Content {
  return {
    kind: 'poll',
    text: message.name,
    context: message.contextInfo,
    payload: {
      question: message.name ?? '',
      options: (message.options ?? []).map((option) => option.optionName ?? ''),
      selectable_count: message.selectableOptionsCount ?? 0,
    },
  };
}

function pollResult(message: proto.Message.IPollResultSnapshotMessage): Content {
  const results = (message.pollVotes ?? []).map((vote) => ({ option: vote.optionName ?? '', votes: numberOf(vote.optionVoteCount) ?? 0 }));
  return { kind: 'poll', text: message.name, context: message.contextInfo, payload: { question: message.name ?? '', results } };
}

function event(message: proto.Message.IEventMessage): Content {
  const place = message.location;
  return {
    kind: 'event',
    text: message.name,
    context: message.contextInfo,
    payload: filledOrNothing({
      name: message.name,
      description: message.description,
      start_ms: secondsToMillis(message.startTime),
      end_ms: secondsToMillis(message.endTime),
      location:
        place == null
          ? undefined
          : filledOrNothing({ latitude: numberOf(place.degreesLatitude), longitude: numberOf(place.degreesLongitude), name: place.name }),
      join_link: message.joinLink,
      canceled: message.isCanceled === true ? true : undefined,
    }),
  };
}

function product(message: proto.Message.IProductMessage): Content {
  const goods = message.product;
  return {
    kind: 'product',
    text: message.body ?? goods?.title,
    context: message.contextInfo,
    payload: filledOrNothing({
      product_id: goods?.productId,
      title: goods?.title,
      description: goods?.description,
      price_thousandths: positive(goods?.priceAmount1000),
      currency: goods?.currencyCode,
      url: goods?.url,
      retailer_id: goods?.retailerId,
      business: canonicalUser(message.businessOwnerJid),
    }),
  };
}

function order(message: proto.Message.IOrderMessage): Content {
  return {
    kind: 'order',
    text: message.message ?? message.orderTitle,
    context: message.contextInfo,
    payload: filledOrNothing({
      order_id: message.orderId,
      token: message.token,
      title: message.orderTitle,
      seller: canonicalUser(message.sellerJid),
      items: positive(message.itemCount),
      total_thousandths: positive(message.totalAmount1000),
      currency: message.totalCurrencyCode,
    }),
  };
}

const noteText = (note: MessageContent | null | undefined): string | null | undefined => note?.conversation ?? note?.extendedTextMessage?.text;
const noteContext = (note: MessageContent | null | undefined): ContextInfo | null | undefined => note?.extendedTextMessage?.contextInfo;

function request(message: proto.Message.IRequestPaymentMessage): Content {
  const note = message.noteMessage;
  return {
    kind: 'payment',
    text: noteText(note),
    context: noteContext(note),
    payload: filledOrNothing({
      action: 'request',
      amount_thousandths: positive(message.amount1000),
      currency: message.currencyCodeIso4217,
      expires_ms: secondsToMillis(message.expiryTimestamp),
    }),
  };
}

const payment = (action: string, text?: string | null): Content => ({ kind: 'payment', text, payload: { action } });

const nameIn = (names: Readonly<Record<string, string | number>>, value: number | null | undefined): string | undefined =>
  value == null ? undefined : names[value]?.toString().toLowerCase();

function callLog(message: proto.Message.ICallLogMessage): Content {
  return {
    kind: 'call',
    payload: filledOrNothing({
      video: message.isVideo ?? false,
      outcome: nameIn(proto.Message.CallLogMessage.CallOutcome, message.callOutcome),
      type: nameIn(proto.Message.CallLogMessage.CallType, message.callType),
      duration_seconds: positive(message.durationSecs),
    }),
  };
}

export const structuredReaders = {
  locationMessage: location,
  liveLocationMessage: liveLocation,
  contactMessage: (message) => ({ kind: 'contact', text: message.displayName, context: message.contextInfo, payload: { contacts: [card(message)] } }),
  contactsArrayMessage: (message) => ({
    kind: 'contacts',
    text: message.displayName,
    context: message.contextInfo,
    payload: { contacts: (message.contacts ?? []).map(card) },
  }),
  pollCreationMessage: poll,
  pollCreationMessageV2: poll,
  pollCreationMessageV3: poll,
  pollCreationMessageV5: poll,
  pollResultSnapshotMessage: pollResult,
  pollResultSnapshotMessageV3: pollResult,
  eventMessage: event,
  productMessage: product,
  orderMessage: order,
  sendPaymentMessage: (message) => ({ ...payment('send', noteText(message.noteMessage)), context: noteContext(message.noteMessage) }),
  requestPaymentMessage: request,
  declinePaymentRequestMessage: () => payment('decline'),
  cancelPaymentRequestMessage: () => payment('cancel'),
  paymentInviteMessage: () => payment('invite'),
  invoiceMessage: (message) => payment('invoice', message.note),
  callLogMesssage: callLog,
  call: () => ({ kind: 'call' }),
  bcallMessage: (message) => ({ kind: 'call', text: message.caption }),
  scheduledCallCreationMessage: (message) => ({
    kind: 'call',
    text: message.title,
    payload: filledOrNothing({
      start_ms: millis(message.scheduledTimestampMs),
      video: message.callType === proto.Message.ScheduledCallCreationMessage.CallType.VIDEO,
    }),
  }),
  groupInviteMessage: (message) => ({
    kind: 'group_invite',
    text: message.caption,
    context: message.contextInfo,
    payload: filledOrNothing({ group: message.groupJid, name: message.groupName, code: message.inviteCode, expires_ms: secondsToMillis(message.inviteExpiration) }),
  }),
  keepInChatMessage: () => ({ kind: 'system' }),
  requestPhoneNumberMessage: (message) => ({ kind: 'system', context: message.contextInfo }),
  placeholderMessage: () => ({ kind: 'system' }),
} satisfies Readers;

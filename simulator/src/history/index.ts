export { inlineNotification, storeChunk, storedNotification, type StoredChunk } from './notification.ts';
export { answerOnDemand, ON_DEMAND_LIMIT, resendPlaceholder, type OnDemandAnswer, type OnDemandRequest, type Silence } from './on-demand.ts';
export { defaultHistory, type HistoryOptions } from './plan.ts';
export { encodeHistory, pushHistory, type HistoryChunk } from './push.ts';
export { webMessageOf, type Envelope } from './web-message.ts';

export { actions, type Action, type ContactCard, type MessageRef, type Range } from './actions.ts';
export { AppStateFault, appStateFaults, type AppStateFaultCode } from './failure.ts';
export type { SyncKey } from './keys.ts';
export type { Mutation } from './mutation.ts';
export { AppStateParticipant, type Applied, type CaughtUp, type ParticipantOptions } from './participant.ts';
export { appStateJid, seedActions } from './seed.ts';
export { settleMutation } from './settle.ts';
export { AppStateStore, collectionNames, isCollection, type CollectionName, type Fetched, type StoredCollections, type Submitted } from './store.ts';

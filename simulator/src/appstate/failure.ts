/** What can be wrong with app state that somebody else has written. */
export const appStateFaults = {
  malformed: 'These bytes are no SyncdPatch with a key id, two MACs and complete mutations.',
  unknown_key: 'The patch names a sync key that this device does not have.',
  value_mac: 'The MAC of a value does not match its ciphertext, operation and key id.',
  index_mac: 'The MAC of an index does not match the index inside the value.',
  patch_mac: 'The MAC of the patch does not match its snapshot MAC, its values, its version and the name of the collection.',
  snapshot_mac: 'After this patch the LTHash is not the one its author has: a patch is missing, or a value was counted twice.',
  version: 'The version of the patch is not the next one.',
} as const;

export type AppStateFaultCode = keyof typeof appStateFaults;

export class AppStateFault extends Error {
  override readonly name = 'AppStateFault';
  readonly code: AppStateFaultCode;
  readonly collection: string;

  constructor(code: AppStateFaultCode, collection: string, detail = '') {
    super(`${collection}: ${appStateFaults[code]}${detail ? ` ${detail}` : ''}`);
    this.code = code;
    this.collection = collection;
  }
}

/** Longest padding; whatsmeow checks that every byte names the length (message.go: unpadMessage). */
const MAX_PADDING = 15;

/** Appends n bytes of value n, so that a ciphertext does not tell how long the message is. */
export function pad(plaintext: Uint8Array, random: () => number = Math.random): Uint8Array {
  const size = 1 + Math.floor(random() * MAX_PADDING);
  return Buffer.concat([plaintext, Buffer.alloc(size, size)]);
}

/** Removes it again; throws a RangeError where there is none. */
export function unpad(padded: Uint8Array): Uint8Array {
  const size = padded.at(-1) ?? 0;
  if (size === 0 || size > padded.length) throw new RangeError(`expected 1 to ${padded.length} bytes of padding, got ${size}`);
  return padded.subarray(0, padded.length - size);
}

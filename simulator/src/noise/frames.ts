/** Bytes before a frame that say how long it is, big-endian. */
const LENGTH_BYTES = 3;
/** Longest frame the three length bytes can announce. */
export const MAX_FRAME_BYTES = (1 << 24) - 1;
/** Header of the stream: "WA", protocol 6, dictionary version 3. */
export const STREAM_HEADER = Uint8Array.from([0x57, 0x41, 6, 3]);

/** Puts the length before a frame; throws a RangeError if it is too long to announce. */
export function frame(payload: Uint8Array): Uint8Array {
  if (payload.length > MAX_FRAME_BYTES) {
    throw new RangeError(`a frame holds at most ${MAX_FRAME_BYTES} bytes, got ${payload.length}: send it as media`);
  }
  const head = Uint8Array.from([payload.length >> 16, (payload.length >> 8) & 255, payload.length & 255]);
  return Buffer.concat([head, payload]);
}

/** Cuts a byte stream into its header and frames, however it was split on the way. */
export class FrameReader {
  private pending: Uint8Array = new Uint8Array(0);
  private started = false;

  /** Takes the next bytes; returns the frames they complete. Throws a RangeError on another protocol. */
  push(bytes: Uint8Array): Uint8Array[] {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
    if (!this.started && !this.readHeader()) return [];
    const frames: Uint8Array[] = [];
    for (let next = this.take(); next !== undefined; next = this.take()) frames.push(next);
    return frames;
  }

  private readHeader(): boolean {
    const size = STREAM_HEADER.length;
    if (this.pending.length < size) return false;
    const header = this.pending.subarray(0, size);
    if (!STREAM_HEADER.every((byte, at) => header[at] === byte)) {
      throw new RangeError(`expected the stream header 57410603, got ${Buffer.from(header).toString('hex')}`);
    }
    this.pending = this.pending.subarray(size);
    this.started = true;
    return true;
  }

  private take(): Uint8Array | undefined {
    const [high = 0, middle = 0, low = 0] = this.pending;
    const end = LENGTH_BYTES + ((high << 16) | (middle << 8) | low);
    if (this.pending.length < LENGTH_BYTES || this.pending.length < end) return undefined;
    const payload = this.pending.subarray(LENGTH_BYTES, end);
    this.pending = this.pending.subarray(end);
    return payload;
  }
}

/** Writes Ogg Opus files of silence: valid voice notes of any length. */

const SAMPLES_PER_FRAME = 960;
const FRAMES_PER_SECOND = 50;
/** One 20 ms frame of silence: CELT, full band, mono (RFC 6716 section 3.1). */
const SILENCE = [0xf8, 0xff, 0xfe];
const FRAMES_PER_PAGE = 250;
const PRE_SKIP = 312;

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** CRC-32 as Ogg has it: polynomial 04c11db7, not reflected, start 0 (RFC 3533 section 6). */
function oggCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return crc;
}

interface Page {
  /** 2 = first page, 4 = last page. */
  readonly flags: number;
  readonly granule: number;
  readonly sequence: number;
  readonly packets: readonly Uint8Array[];
}

function page({ flags, granule, sequence, packets }: Page): Buffer {
  const head = Buffer.alloc(27);
  head.write('OggS', 'latin1');
  head.writeUInt8(flags, 5);
  head.writeUInt32LE(granule, 6);
  head.writeUInt32LE(0x5a17, 14);
  head.writeUInt32LE(sequence, 18);
  head.writeUInt8(packets.length, 26);
  const out = Buffer.concat([head, Uint8Array.from(packets, (packet) => packet.length), ...packets]);
  out.writeUInt32LE(oggCrc(out), 22);
  return out;
}

function opusHead(): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 'latin1');
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt16LE(PRE_SKIP, 10);
  head.writeUInt32LE(16_000, 12);
  return head;
}

function opusTags(): Buffer {
  const vendor = 'wa-sim';
  const tags = Buffer.alloc(16 + vendor.length);
  tags.write('OpusTags', 'latin1');
  tags.writeUInt32LE(vendor.length, 8);
  tags.write(vendor, 12, 'latin1');
  return tags;
}

/** `audio/ogg; codecs=opus`, mono. */
export function silentVoiceNote(seconds: number): Buffer {
  const frames = seconds * FRAMES_PER_SECOND;
  const pages = [
    page({ flags: 2, granule: 0, sequence: 0, packets: [opusHead()] }),
    page({ flags: 0, granule: 0, sequence: 1, packets: [opusTags()] }),
  ];
  const frame = Uint8Array.from(SILENCE);
  for (let done = 0; done < frames; done += FRAMES_PER_PAGE) {
    const count = Math.min(FRAMES_PER_PAGE, frames - done);
    pages.push(
      page({
        flags: done + count === frames ? 4 : 0,
        granule: (done + count) * SAMPLES_PER_FRAME,
        sequence: pages.length,
        packets: Array<Uint8Array>(count).fill(frame),
      }),
    );
  }
  return Buffer.concat(pages);
}

/**
 * Seeded numbers. Every part of a world draws from its own stream, named by what it is for, so
 * that asking for one part never changes another.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** Streams with different keys are independent; the same keys give the same numbers. */
  constructor(key1: number, key2 = 0, key3 = 0) {
    this.a = mix(key1 ^ 0x9e3779b9);
    this.b = mix(key2 ^ Math.imul(this.a, 0x85ebca6b));
    this.c = mix(key3 ^ Math.imul(this.b, 0xc2b2ae35));
    for (let i = 0; i < 4; i++) this.next();
  }

  /** 0..2^32-1 (the sfc32 generator of PractRand). */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 <= x < 1. */
  fraction(): number {
    return this.next() / 0x1_0000_0000;
  }

  /** A whole number, 0 <= x < limit. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** True this often in a thousand draws. */
  chance(permille: number): boolean {
    return this.fraction() * 1000 < permille;
  }

  /** @throws RangeError for an empty list. */
  pick<T>(list: readonly T[]): T {
    const index = this.below(list.length);
    if (index >= list.length) throw new RangeError('Cannot pick from an empty list.');
    return list[index] as T;
  }

  /** `count` different entries of the list, or all of them, in random order. */
  sample<T>(list: readonly T[], count: number): T[] {
    const rest = [...list];
    const taken: T[] = [];
    while (taken.length < count && rest.length > 0) taken.push(...rest.splice(this.below(rest.length), 1));
    return taken;
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = this.next();
      for (let j = i; j < i + 4 && j < length; j++) out[j] = word >>> ((j - i) * 8);
    }
    return out;
  }

  /** Upper-case hexadecimal digits. */
  hex(digits: number): string {
    let out = '';
    while (out.length < digits) out += hex32(this.next());
    return out.slice(0, digits);
  }

  /** Decimal digits; the first is not 0. */
  digits(count: number): string {
    let out = String(1 + this.below(9));
    while (out.length < count) out += String(this.below(10));
    return out;
  }
}

export const hex32 = (value: number): string => (value >>> 0).toString(16).toUpperCase().padStart(8, '0');

/** The finaliser of MurmurHash3: every input bit changes half of the output bits. */
export function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A 32-bit key for a name (FNV-1a, then mixed). */
export function keyOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return mix(hash);
}

import { createHash } from 'node:crypto';
import type { BlobStore } from '../media/index.ts';
import { sampleOf } from '../media/samples/index.ts';
import type { World } from '../world/types.ts';

/** A profile picture. */
export interface Picture {
  /** Digits; another picture has another id. */
  readonly id: string;
  readonly jpeg: Uint8Array;
  /** Where it is on the media servers, with a query string. */
  readonly directPath: string;
  /** SHA-256, base64. */
  readonly hash: string;
}

/** Largest picture that is taken. */
export const MAX_PICTURE_BYTES = 1024 * 1024;
/** Folder of profile pictures under `/v/`. */
const FOLDER = 't61.24694-24';
/** One in so many people and groups of the demo has a picture from the start. */
const DEMO_EVERY = 2;

/** Pictures of people, groups and channels: by person id, or by JID. */
export class PictureBook {
  private readonly world: World;
  private readonly blobs: BlobStore;
  private readonly pictures = new Map<string, Picture | undefined>();

  constructor(world: World, blobs: BlobStore) {
    this.world = world;
    this.blobs = blobs;
  }

  of(subject: string): Picture | undefined {
    if (!this.pictures.has(subject)) this.pictures.set(subject, this.initial(subject));
    return this.pictures.get(subject);
  }

  /** Sets or, with undefined, removes a picture. */
  set(subject: string, jpeg: Uint8Array | undefined): Picture | undefined {
    const picture = jpeg === undefined ? undefined : this.keep(subject, jpeg);
    this.pictures.set(subject, picture);
    return picture;
  }

  private keep(subject: string, jpeg: Uint8Array): Picture {
    const digest = createHash('sha256').update(jpeg).digest();
    const previous = Number(this.pictures.get(subject)?.id ?? 0);
    const id = String(Math.max(previous + 1, digest.readUInt32BE(0)));
    return { id, jpeg, directPath: this.blobs.put(jpeg, FOLDER).directPath, hash: digest.toString('base64') };
  }

  private initial(subject: string): Picture | undefined {
    if (this.world.spec.cast !== 'demo') return undefined;
    const number = createHash('sha256').update(subject).digest().readUInt16BE(0);
    return number % DEMO_EVERY === 0 ? this.keep(subject, sampleOf('image', number).bytes) : undefined;
  }
}

import type { Device } from '../exchange/device.ts';
import type { BlobStore } from '../media/index.ts';
import type { World } from '../world/types.ts';
import { GroupLedger } from './groups.ts';
import { LiveUpdates } from './live-updates.ts';
import { NewsletterBoard } from './newsletters.ts';
import { PictureBook } from './pictures.ts';
import { PrivacyBook } from './privacy.ts';

/** What accounts have set, and what the server keeps beside the world; it lives as long as the simulator. */
export class WorldState {
  readonly groups = new GroupLedger();
  readonly privacy = new PrivacyBook();
  readonly liveUpdates = new LiveUpdates<Device>();
  readonly newsletters: NewsletterBoard;
  readonly pictures: PictureBook;

  constructor(world: World, blobs: BlobStore) {
    this.newsletters = new NewsletterBoard(world);
    this.pictures = new PictureBook(world, blobs);
  }
}

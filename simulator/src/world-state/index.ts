import type { Device } from '../exchange/device.ts';
import type { BlobStore } from '../media/index.ts';
import { PresenceBook } from '../exchange/presence.ts';
import type { PersonId, World } from '../world/types.ts';
import { AccountBook } from './accounts.ts';
import { CatalogBook } from './catalogs.ts';
import { GroupLedger } from './groups.ts';
import { LiveUpdates } from './live-updates.ts';
import { NewsletterBoard } from './newsletters.ts';
import { PictureBook } from './pictures.ts';
import { PrivacyBook } from './privacy.ts';
import { RestrictionBook } from './restrictions.ts';

/** What accounts have set, and what the server keeps beside the world; it lives as long as the simulator. */
export class WorldState {
  readonly groups = new GroupLedger();
  readonly privacy = new PrivacyBook();
  readonly accounts = new AccountBook();
  readonly restrictions = new RestrictionBook();
  readonly presence = new PresenceBook();
  /** Codes of `wa.me/qr` links, and the people behind them. */
  readonly contactLinks = new Map<string, PersonId>();
  readonly liveUpdates = new LiveUpdates<Device>();
  readonly newsletters: NewsletterBoard;
  readonly pictures: PictureBook;
  readonly catalogs: CatalogBook;

  constructor(world: World, blobs: BlobStore) {
    this.newsletters = new NewsletterBoard(world);
    this.catalogs = new CatalogBook(blobs);
    this.pictures = new PictureBook(world, blobs);
  }
}

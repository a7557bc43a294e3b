import { GroupLedger } from './groups.ts';
import { PrivacyBook } from './privacy.ts';

/** What accounts have set, and what the server keeps beside the world; it lives as long as the simulator. */
export class WorldState {
  readonly groups = new GroupLedger();
  readonly privacy = new PrivacyBook();
}

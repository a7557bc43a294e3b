import { AppStateStore } from '../appstate/index.ts';
import type { KeyPair } from '../noise/curve.ts';
import { lidJid, pnJid } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import type { Person } from '../world/types.ts';
import type { Device } from './device.ts';
import { LinkFailure } from './registration.ts';

/** Linked devices beside the phone that an account may have; WhatsApp allows four. */
export const MAX_COMPANIONS = 4;
/** Device ids fit one byte on the wire. */
const MAX_DEVICE_ID = 255;

/** A WhatsApp account: a person, the identity key of their phone, and their devices. */
export class Account {
  readonly person: Person;
  /** Signs linked devices and is the phone's Signal identity: both clients hold these equal. */
  readonly identity: KeyPair;
  readonly appState: AppStateStore;
  readonly devices = new Map<number, Device>();
  /** The highest id a device ever had. */
  lastDeviceId = 0;

  constructor(person: Person, identity: KeyPair, appState = new AppStateStore()) {
    this.appState = appState;
    this.person = person;
    this.identity = identity;
  }

  get pn(): Jid {
    return pnJid(this.person.pn);
  }

  get lid(): Jid {
    return lidJid(this.person.lid);
  }

  /** The linked devices, oldest first. */
  get companions(): Device[] {
    return [...this.devices.values()].filter((device) => device.id !== 0);
  }

  get phone(): Device {
    const phone = this.devices.get(0);
    if (phone === undefined) throw new Error(`account ${this.person.pn} has no phone: it was never switched on`);
    return phone;
  }

  /** Takes an id: two devices may be linked at the same time. Ids are not used twice, so that an old session never meets a new device. */
  nextDeviceId(): number {
    if (this.companions.length >= MAX_COMPANIONS) {
      throw new LinkFailure(`${this.person.pn} has ${MAX_COMPANIONS} linked devices, the most WhatsApp allows: log one out first`);
    }
    if (this.lastDeviceId >= MAX_DEVICE_ID) throw new LinkFailure(`${this.person.pn} has used up all device ids`);
    this.lastDeviceId += 1;
    return this.lastDeviceId;
  }

  attach(device: Device): void {
    this.devices.set(device.id, device);
    this.lastDeviceId = Math.max(this.lastDeviceId, device.id);
  }

  detach(device: Device): void {
    this.devices.delete(device.id);
  }
}

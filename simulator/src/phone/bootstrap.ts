import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Device } from '../exchange/device.ts';
import type { Handset } from './handset.ts';
import { sendHistory } from './history-push.ts';
import type { PeerMessage } from './incoming.ts';
import { appStateKeyOf, shareAppStateKey } from './peer.ts';
import type { AppStateKey } from './peer.ts';

/** Gives each newly linked device what it needs from the phone: keys first, then history. */
export class Bootstrap {
  private readonly handset: Handset;
  private readonly key: AppStateKey;
  private readonly busy = new Set<Device>();

  constructor(handset: Handset, seed: number) {
    this.handset = handset;
    this.key = appStateKeyOf(seed, handset.account.person.id);
  }

  /** Serves the devices that were linked while the phone was off. */
  catchUp(): void {
    for (const device of this.handset.account.companions) if (device.active) this.welcome(device);
  }

  /** Answers what a linked device asks its phone. */
  async takePeer({ from, content }: PeerMessage): Promise<void> {
    if (content.type === proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_REQUEST) {
      await shareAppStateKey(this.handset, from, this.key);
    }
  }

  /** To be called whenever a device of the account is there: sends it what it has not got yet. */
  welcome(device: Device): void {
    const { account, exchange } = this.handset;
    const record = device.companion;
    if (record === undefined || record.bootstrapped || device.account !== account) return;
    if (this.busy.has(device) || this.handset.device.link === undefined) return;
    this.busy.add(device);
    void this.handset.serially(async () => {
      await shareAppStateKey(this.handset, device, this.key);
      await sendHistory(this.handset, device);
      record.bootstrapped = true;
      this.busy.delete(device);
      exchange.watch.emit('bootstrapped', { device });
    });
  }
}

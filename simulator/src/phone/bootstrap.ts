import type { CompanionRecord, Device } from '../exchange/device.ts';
import type { Handset } from './handset.ts';
import { repeatHistory, sendHistory } from './history-push.ts';
import type { Settings } from './settings.ts';

/** Gives each newly linked device what it needs from the phone: keys first, then history. */
export class Bootstrap {
  private readonly handset: Handset;
  private readonly settings: Settings;
  private readonly busy = new Set<Device>();

  constructor(handset: Handset, settings: Settings) {
    this.handset = handset;
    this.settings = settings;
  }

  /** Serves the devices that were linked while the phone was off. */
  catchUp(): void {
    for (const device of this.handset.account.companions) if (device.active) this.welcome(device);
  }

  /** To be called whenever a device of the account is there: sends it what it has not got yet. */
  welcome(device: Device): void {
    const { account, exchange } = this.handset;
    const record = device.companion;
    if (record === undefined || device.account !== account) return;
    if (this.busy.has(device) || this.handset.device.link === undefined) return;
    this.busy.add(device);
    void this.handset.serially(async () => {
      try {
        if (record.bootstrapped) await repeatHistory(this.handset, device);
        else await this.first(device, record);
      } catch (error) {
        exchange.watch.emit('trouble', { where: `history for ${device.lid.toString()}`, error });
      } finally {
        this.busy.delete(device);
      }
    });
  }

  private async first(device: Device, record: CompanionRecord): Promise<void> {
    await this.settings.shareKey(device);
    await sendHistory(this.handset, device);
    record.bootstrapped = true;
    this.handset.exchange.watch.emit('bootstrapped', { device });
  }
}

/** Seconds that a subscription to live updates of a channel lasts; clients renew it. */
export const LIVE_UPDATE_SECONDS = 300;

/** Which devices follow the live updates (reactions, views) of which channels. */
export class LiveUpdates<Device extends object> {
  private readonly until = new WeakMap<Device, Map<string, number>>();

  /** `now` is epoch seconds. */
  subscribe(device: Device, newsletter: string, now: number): void {
    const known = this.until.get(device) ?? new Map<string, number>();
    this.until.set(device, known.set(newsletter, now + LIVE_UPDATE_SECONDS));
  }

  listens(device: Device, newsletter: string, now: number): boolean {
    return (this.until.get(device)?.get(newsletter) ?? 0) > now;
  }
}

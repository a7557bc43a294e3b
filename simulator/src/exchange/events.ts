import { EventEmitter } from 'node:events';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { BinaryNode } from '../wire/node.ts';
import type { Account } from './account.ts';
import type { Device } from './device.ts';

/** What happens inside the simulator, for those who watch it. */
export interface Happenings {
  /** A stanza crossed the border to or from a client; before login `device` is undefined. */
  stanza: { direction: 'in' | 'out'; connection: number; device: Device | undefined; stanza: BinaryNode };
  /** A client that is not linked yet waits for its code to be scanned. */
  registering: { connection: number; refs: readonly string[] };
  /** A client asks for a code of an account to be typed on its phone. */
  codeShown: { connection: number; account: string };
  linked: { device: Device };
  unlinked: { device: Device };
  connected: { device: Device };
  disconnected: { device: Device };
  /** A device finished its login and gets new stanzas at once from now on. */
  active: { device: Device };
  /** A device has acknowledged everything that was sent to it. */
  drained: { device: Device };
  /** A phone has sent a linked device its keys and all history. */
  bootstrapped: { device: Device };
  /** The server took a message from a device. */
  message: { from: Device; id: string; to: string };
  /** The server took a receipt from a device. */
  receipt: { from: Device; id: string; type: string; to: string };
  /** A device, or a phone, wrote into a collection of app state. */
  appState: { account: Account; author: Device; collection: string; version: number };
  /** A phone read what a linked device wrote: an archived chat, a pin, a name. */
  setting: { account: Account; collection: string; index: readonly string[]; value: proto.ISyncActionValue };
  /** A phone could not read what a linked device wrote: a MAC or a version was wrong. */
  appStateFault: { account: Account; fault: Error };
  /** A phone left a request for history unanswered, as phones do. */
  silence: { device: Device; chat: string; reason: string };
  /** The devices of an account changed. */
  devices: { account: Account };
  /** An account came, or left: none of its devices is available any more. */
  presence: { account: Account; online: boolean };
  /** Somebody types, records, or has stopped. */
  chatstate: { from: Device; to: string; state: BinaryNode };
  /** Somebody calls, refuses, hangs up: `signal` is the tag inside `<call>`. */
  call: { from: Device; to: string; signal: string; id: string };
  /** A device changed a setting of its account that is not app state: `change` is the tag of the notification. */
  accountChange: { account: Account; change: string };
  /** Somebody changed a group; `actor` is a person's id, `change` the tag of the notification. */
  groupChange: { group: string; actor: string; change: string };
  /** Something broke: a client left the protocol, or a phone could not work on what it got. */
  trouble: { where: string; error: unknown };
  /** A request that no topic knows was answered with an empty result. */
  unknownRequest: { from: Device; iq: BinaryNode };
}

export type HappeningName = keyof Happenings;

/** What was awaited did not happen in time. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** Emits and awaits what happens; nobody needs to sleep. */
export class Watch {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  emit<Name extends HappeningName>(name: Name, happening: Happenings[Name]): void {
    this.emitter.emit(name, happening);
  }

  /** Calls `listener` for each; the function returned stops it. */
  on<Name extends HappeningName>(name: Name, listener: (happening: Happenings[Name]) => void): () => void {
    this.emitter.on(name, listener);
    return () => this.emitter.off(name, listener);
  }

  /** The next one that fits. Rejects after `timeoutMs` (default 10 s), naming what was awaited. */
  next<Name extends HappeningName>(
    name: Name,
    fits: (happening: Happenings[Name]) => boolean = () => true,
    { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
  ): Promise<Happenings[Name]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        reject(new TimedOut(`expected "${name}" within ${timeoutMs} ms, and it did not happen`));
      }, timeoutMs);
      const stop = this.on(name, (happening) => {
        if (!fits(happening)) return;
        clearTimeout(timer);
        stop();
        resolve(happening);
      });
    });
  }
}

import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { actions, AppStateParticipant, seedActions, settleMutation } from '../appstate/index.ts';
import type { Action, CollectionName, SyncKey } from '../appstate/index.ts';
import { seconds } from '../exchange/clock.ts';
import type { Device } from '../exchange/device.ts';
import { notifyAppState } from '../exchange/notify.ts';
import { derive } from '../noise/derive.ts';
import type { Handset } from './handset.ts';
import { sendPeer } from './outgoing.ts';

const { Type } = proto.Message.ProtocolMessage;

/** What a phone shares with its linked devices through app state: it reads their changes and writes its own. */
export class Settings {
  private readonly handset: Handset;
  private readonly key: SyncKey;
  private readonly participant: AppStateParticipant;

  constructor(handset: Handset, seed: number) {
    this.handset = handset;
    const { id } = handset.account.person;
    const keyId = Uint8Array.of(0, 0, 0, 0, ...derive(seed, `app state key id ${id}`, 2));
    this.key = { keyId, keyData: derive(seed, `app state key ${id}`, 32) };
    this.participant = new AppStateParticipant({ store: handset.account.appState, keys: [this.key], randomBytes });
  }

  /** Gives a linked device the key; without it the device can read no collection. */
  async shareKey(companion: Device): Promise<void> {
    const { store, exchange } = this.handset;
    const fingerprint = { rawId: store.registrationId, currentIndex: companion.id, deviceIndexes: [0, companion.id] };
    const keyData = { keyData: this.key.keyData, fingerprint, timestamp: seconds(exchange.clock) };
    await sendPeer(this.handset, companion, {
      type: Type.APP_STATE_SYNC_KEY_SHARE,
      appStateSyncKeyShare: { keys: [{ keyId: { keyId: this.key.keyId }, keyData }] },
    });
  }

  /**
   * Before the first device is linked, every collection must hold something: see `seedActions`. Not
   * later: a device that hears of a change before it has the key cannot read it (whatsmeow appstate.go).
   */
  prepare(): void {
    if (this.handset.account.appState.version('critical_block') > 0) return;
    const { world } = this.handset.exchange;
    const owner = this.handset.account.person === world.owner;
    this.change(owner ? seedActions(world) : this.minimalActions());
  }

  /** Writes changes and tells the linked devices. */
  change(changes: readonly Action[]): void {
    const { account, exchange, device } = this.handset;
    this.catchUp();
    const collections = this.participant.write(changes, exchange.clock.now());
    notifyAppState(exchange, account, { author: device, collections });
  }

  /** Reads what linked devices have written, and makes the owner's world show it. */
  catchUp(): void {
    const { account, exchange } = this.handset;
    const { applied, faults } = this.participant.catchUp();
    for (const { collection, mutation } of applied) {
      if (account.person === exchange.world.owner) settleMutation(exchange.world, mutation);
      exchange.watch.emit('setting', { account, collection, index: mutation.index, value: mutation.value });
    }
    for (const fault of faults) exchange.watch.emit('appStateFault', { account, fault });
  }

  /** The present value at an index, e.g. `['archive', jid]`; undefined if it was never set or was removed. */
  value(collection: CollectionName, index: readonly string[]): proto.ISyncActionValue | undefined {
    this.catchUp();
    return this.participant.value(collection, index);
  }

  private minimalActions(): Action[] {
    const { pn, person } = this.handset.account;
    const jid = pn.toString();
    return [
      actions.pushName(person.pushName),
      actions.contact(jid, { fullName: person.pushName }),
      actions.mute(jid, 0),
      actions.unarchiveChats(false),
      actions.labelEdit('1', { name: 'New customer', color: 0 }),
    ];
  }
}

import { editIdAt, idAt, messageAt } from './past.ts';
import { positionOf } from './ids.ts';
import type { Scene } from './scene.ts';
import type { Amendment, MessageLog, WorldMessage } from './types.ts';

/** Generated past below, recorded messages on top, amendments over both. */
export class ChatLog implements MessageLog {
  private readonly scene: Scene | undefined;
  /** Oldest first, by time; messages of the same second in the order of recording. */
  private readonly recorded: WorldMessage[] = [];
  /** The message that an edit since the past belongs to; by the ids of both. */
  private readonly editedBy = new Map<string, string>();
  private readonly recordedById = new Map<string, WorldMessage>();
  private readonly amendments = new Map<string, Amendment>();

  /** Without a scene the chat has no past. */
  constructor(scene: Scene | undefined) {
    this.scene = scene;
  }

  private get pastLength(): number {
    return this.scene?.times.length ?? 0;
  }

  get length(): number {
    return this.pastLength + this.recorded.length;
  }

  at(index: number): WorldMessage | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) return undefined;
    const fromOldest = this.length - 1 - index;
    const message = fromOldest < this.pastLength ? this.scene && messageAt(this.scene, fromOldest) : this.recorded[fromOldest - this.pastLength];
    return message && this.amended(message);
  }

  range(start: number, end: number): WorldMessage[] {
    const messages: WorldMessage[] = [];
    for (let index = Math.max(0, start); index < Math.min(end, this.length); index++) {
      const message = this.at(index);
      if (message) messages.push(message);
    }
    return messages;
  }

  *[Symbol.iterator](): Generator<WorldMessage, undefined, undefined> {
    for (let index = 0; index < this.length; index++) {
      const message = this.at(index);
      if (message) yield message;
    }
  }

  indexOf(id: string): number {
    const messageId = this.editedBy.get(id) ?? id;
    const message = this.recordedById.get(messageId);
    if (message) return this.recorded.length - 1 - this.recorded.indexOf(message);
    const n = this.pastPosition(messageId);
    return n < 0 ? -1 : this.length - 1 - n;
  }

  firstBefore(timestamp: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.timeAt(middle) < timestamp) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /**
   * A message that claims to be older than the generated past still goes on top of it.
   * @throws RangeError if the chat has this id already.
   */
  record(message: WorldMessage): void {
    if (this.indexOf(message.id) >= 0) throw new RangeError(`The chat ${message.chat} has a message ${message.id} already.`);
    const later = this.recorded.findLastIndex((other) => other.timestamp <= message.timestamp) + 1;
    this.recorded.splice(later, 0, message);
    this.recordedById.set(message.id, message);
    const edit = message.edits.at(-1);
    if (edit) this.editedBy.set(edit.id, message.id);
  }

  /** False if there is no such message. */
  amend(id: string, change: Amendment): boolean {
    const message = this.at(this.indexOf(id));
    if (!message) return false;
    this.amendments.set(message.id, { ...this.amendments.get(message.id), ...change });
    const edit = change.edits?.at(-1);
    if (edit) this.editedBy.set(edit.id, message.id);
    return true;
  }

  private amended(message: WorldMessage): WorldMessage {
    const change = this.amendments.get(message.id);
    if (!change) return message;
    const text = change.edits?.at(-1)?.text ?? message.text;
    return { ...message, text, ...change };
  }

  /** Never smaller than the time of what lies below, so that it can be searched. */
  private timeAt(index: number): number {
    const fromOldest = this.length - 1 - index;
    const past = this.scene?.times;
    if (past && fromOldest < past.length) return past[fromOldest] ?? 0;
    return Math.max(past?.at(-1) ?? 0, this.recorded[fromOldest - this.pastLength]?.timestamp ?? 0);
  }

  private pastPosition(id: string): number {
    const { scene } = this;
    if (!scene) return -1;
    const n = positionOf(scene.key, id);
    if (n >= 0 && n < this.pastLength && idAt(scene, n) === id) return n;
    const edited = positionOf(scene.key, id, 'edit');
    const isEdit = edited >= 0 && edited < this.pastLength && editIdAt(scene, edited) === id && messageAt(scene, edited).edits.length > 0;
    return isEdit ? edited : -1;
  }
}

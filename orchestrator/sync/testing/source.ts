/** A staging database in memory, which remembers what it was told is durable. */
import type { StagedRow } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { StagedPage, StagedSource } from '../engine.ts';

export class FakeSource implements StagedSource {
  readonly uuid: string;
  readonly rows: StagedRow[] = [];
  acknowledged = 0;
  pagesAsked = 0;
  /** Runs before each page is answered; may throw. */
  beforePage: (afterSeq: number) => void | Promise<void> = () => undefined;
  refuseAcknowledgements = false;

  constructor(uuid = 'source-1') {
    this.uuid = uuid;
  }

  /** Stages rows under the next sequence numbers. */
  stage(...rows: readonly StagedRow[]): this {
    for (const row of rows) this.rows.push({ ...row, seq: (this.rows.at(-1)?.seq ?? 0) + 1 });
    return this;
  }

  async page(afterSeq: number, limit: number): Promise<StagedPage> {
    this.pagesAsked += 1;
    await this.beforePage(afterSeq);
    const rows = this.rows.filter((row) => row.seq > afterSeq).slice(0, limit);
    return { source_uuid: this.uuid, rows, last_seq: this.rows.at(-1)?.seq ?? 0 };
  }

  async acknowledge(sourceUuid: string, seq: number): Promise<void> {
    if (this.refuseAcknowledgements) throw new Failure('bridge_down', 'the bridge does not answer');
    if (sourceUuid === this.uuid) this.acknowledged = Math.max(this.acknowledged, seq);
  }
}

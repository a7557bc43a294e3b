/** Records into messages.db, within a transaction that the caller began: the steps of bridges/contract/store/README.md. */
import type { ContactRecord, MessageRecord, OpRecord, StagedRow } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import { createIdentities, pairsOf } from './identity.ts';
import type { Identities } from './identity.ts';
import { chatParameters, eventParameters, groupAsChat, groupParameters, messageParameters, opParameters, origins } from './parameters.ts';
import { prepareMerge } from './statements.ts';
import type { MergeStatements, Parameters } from './statements.ts';

/** What a page came to. Duplicates told nothing new; filled ones completed a row. */
export interface Tally {
  inserted: number;
  filled: number;
  duplicates: number;
  collided: number;
  rejected: number;
}

export interface Rejected {
  readonly row: StagedRow;
  readonly error: string;
}

export interface Applied {
  readonly tally: Tally;
  readonly rejected: readonly Rejected[];
  /** Canonical JIDs of the chats that changed. */
  readonly chats: readonly string[];
}

export interface Arrival {
  /** Wall clock, ms. */
  readonly now: number;
  /** Which database the rows come from; part of a chunk's key. */
  readonly sourceUuid: string;
  /** Bits for messages.origin instead of what the sync type says. */
  readonly origin?: number;
}

export interface Applier {
  /** Merges rows of one page, whatever their order. Only inside a transaction; idempotent. */
  apply(rows: readonly StagedRow[], arrival: Arrival): Applied;
}

export function createApplier(database: Database): Applier {
  const statements = prepareMerge(database);
  const newest = database.prepare<[], { mid: number }>('SELECT coalesce(max(mid), 0) AS mid FROM messages');
  const identities = createIdentities(database, statements);
  const savepoint = database.transaction((work: () => void) => work());
  return {
    apply: (rows, arrival) => {
      if (!database.inTransaction) throw new Error('apply needs a transaction that the caller began');
      const sinceMid = newest.get()?.mid ?? 0;
      const page = new Page({ statements, identities, savepoint, arrival, sinceMid });
      return page.apply(rows);
    },
  };
}

interface Surroundings {
  readonly statements: MergeStatements;
  readonly identities: Identities;
  readonly savepoint: (work: () => void) => void;
  readonly arrival: Arrival;
  readonly sinceMid: number;
}

interface Name {
  readonly value: string;
  readonly ts: number;
}

/** One page on its way in. */
class Page {
  readonly #around: Surroundings;
  readonly #tally: Tally = { inserted: 0, filled: 0, duplicates: 0, collided: 0, rejected: 0 };
  readonly #rejected = new Map<StagedRow, string>();
  /** Chats that these rows show to be there. */
  readonly #touched = new Set<string>();
  /** Chats that changed if they are there: a waiting operation or a mapping makes none. */
  readonly #related = new Set<string>();
  readonly #pushNames = new Map<string, Name>();
  #newestMid: number;
  #opsDue = false;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#newestMid = around.sinceMid;
  }

  /** A row of a chat that became part of another: not news, so not counted. */
  readonly #putAgain = (parameters: Parameters): void => {
    this.#put(parameters);
  };

  apply(rows: readonly StagedRow[]): Applied {
    const { statements, sinceMid, arrival } = this.#around;
    statements.run('begin_change', {});
    for (const step of steps) for (const row of rows) this.#attempt(row, step);
    this.#attemptNames();
    if (this.#opsDue || this.#tally.inserted > 0) statements.run('apply_ops', { since_mid: sinceMid });
    const { canonical, hasChat } = this.#around.identities;
    const chats = [...new Set([...this.#touched, ...[...this.#related].filter(hasChat)].map(canonical))];
    for (const chat of chats) statements.run('refresh_chat', { chat });
    for (const { chunk, chunk_id } of rows) {
      if (chunk !== undefined) statements.run('put_chunk', chunkParameters(chunk, String(chunk_id), arrival));
    }
    this.#tally.rejected = this.#rejected.size;
    return { tally: this.#tally, rejected: [...this.#rejected].map(([row, error]) => ({ row, error })), chats };
  }

  /** A row that the database refuses is set aside; an error of the database itself ends the transaction. */
  #attempt(row: StagedRow, step: Step): void {
    if (this.#rejected.has(row)) return;
    try {
      step(this, row);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#rejected.set(row, (error as Error).message);
    }
  }

  map(row: StagedRow): void {
    const pairs = pairsOf(row);
    if (pairs.length === 0) return;
    const { savepoint, arrival, identities } = this.#around;
    const told = { at: isLive(row) ? row.received_at : 0, now: arrival.now, putMessage: this.#putAgain };
    savepoint(() => {
      for (const pair of pairs) {
        const merged = identities.map(pair, told);
        this.#related.add(pair.lid);
        if (merged.length > 0) this.#opsDue = true;
      }
    });
  }

  chat(row: StagedRow): void {
    if (row.chat === undefined) return;
    this.#around.statements.run('upsert_chat', chatParameters(row.chat));
    this.#touched.add(row.chat.jid);
  }

  contact({ contact, ...row }: StagedRow): void {
    if (contact === undefined) return;
    const ts = isLive(row) ? row.received_at : 0;
    for (const field of nameFields) {
      const value = contact[field];
      if (value !== undefined) this.#around.statements.run('put_contact', { jid: contact.jid, field, value, ts });
    }
  }

  group(row: StagedRow): void {
    if (row.group === undefined) return;
    const { statements } = this.#around;
    const observedAt = row.received_at;
    statements.run('upsert_group', groupParameters(row.group, observedAt));
    for (const { jid, role } of row.group.participants) {
      statements.run('put_participant', { group: row.group.jid, user: jid, role, observed_at: observedAt, left_at: null });
    }
    statements.run('end_participants', { group: row.group.jid, observed_at: observedAt });
    statements.run('upsert_chat', chatParameters(groupAsChat(row.group, observedAt)));
    this.#touched.add(row.group.jid);
    this.#opsDue = true;
  }

  message(row: StagedRow): void {
    const { message } = row;
    if (message === undefined) return;
    const { now, origin = isLive(row) ? origins.live : origins.history } = this.#around.arrival;
    this.#tally[this.#put(messageParameters(message, now, origin))] += 1;
    this.#touched.add(message.chat);
    this.#rememberPushName(message);
  }

  ops({ ops }: StagedRow): void {
    for (const op of ops ?? []) this.#putOp(op);
  }

  event({ event }: StagedRow): void {
    if (event === undefined) return;
    this.#around.statements.run('put_event', eventParameters(event));
    this.#touched.add(event.chat);
  }

  unreadable(row: StagedRow): void {
    if (row.unreadable !== undefined) this.#rejected.set(row, row.unreadable.error);
  }

  #putOp(op: OpRecord): void {
    this.#around.statements.run('put_op', opParameters(op, this.#around.arrival.now));
    this.#related.add(op.chat);
    this.#opsDue = true;
  }

  #put(parameters: Parameters): 'inserted' | 'filled' | 'duplicates' {
    const { statements } = this.#around;
    const stored = statements.row('upsert_message', parameters);
    const inserted = Number(stored?.['mid'] ?? 0) > this.#newestMid;
    if (inserted) this.#newestMid = Number(stored?.['mid']);
    const idNs = stored?.['id_ns'] ?? '';
    if (idNs !== '') {
      statements.run('put_collision', { ...parameters, id_ns: idNs });
      this.#tally.collided += 1;
    }
    if (!inserted || parameters['edited_at'] !== null) statements.run('put_version', parameters);
    if (stored === undefined) return 'duplicates';
    return inserted ? 'inserted' : 'filled';
  }

  #rememberPushName({ sender, push_name: value, timestamp: ts, from_me: own }: MessageRecord): void {
    if (own || sender === undefined || value === undefined) return;
    const known = this.#pushNames.get(sender);
    if (known === undefined || ts > known.ts || (ts === known.ts && value > known.value)) this.#pushNames.set(sender, { value, ts });
  }

  #attemptNames(): void {
    for (const [jid, { value, ts }] of this.#pushNames) this.#around.statements.run('put_contact', { jid, field: 'push_name', value, ts });
  }
}

type Step = (page: Page, row: StagedRow) => void;

/** Mappings first, so that late LIDs do not split chats; groups before operations, because they tell who is an admin. */
const steps: readonly Step[] = [
  (page, row) => page.map(row),
  (page, row) => page.chat(row),
  (page, row) => page.contact(row),
  (page, row) => page.group(row),
  (page, row) => page.message(row),
  (page, row) => page.ops(row),
  (page, row) => page.event(row),
  (page, row) => page.unreadable(row),
];

const nameFields = ['full_name', 'first_name', 'push_name', 'business_name', 'verified_name', 'username', 'about'] as const satisfies readonly (keyof ContactRecord)[];

const isLive = ({ sync_type: type }: Pick<StagedRow, 'sync_type'>): boolean => type === 'LIVE' || type === 'RESEND';

/** The row is at fault: a value that the schema does not take. Not the disk, not a lock. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(String((error as NodeJS.ErrnoException).code));

function chunkParameters(chunk: NonNullable<StagedRow['chunk']>, chunkId: string, { sourceUuid, now }: Arrival): Parameters {
  return {
    source_uuid: sourceUuid,
    chunk_id: chunkId,
    sync_type: chunk.sync_type,
    chunk_order: chunk.chunk_order ?? null,
    progress: chunk.progress ?? null,
    request_id: chunk.request_id ?? null,
    received_at: chunk.received_at,
    messages: chunk.messages,
    chats: chunk.chats,
    now,
  };
}

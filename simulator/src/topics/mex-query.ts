import type { IqRequest } from './iq.ts';

/** A request in GraphQL, by the id of a query that WhatsApp has stored. */
export interface MexQuery {
  /** Ids of the query: each client has its own. */
  readonly ids: readonly string[];
  /** Under which name the answer stands in `data`. */
  readonly path: string;
  readonly run: (request: IqRequest, variables: unknown) => unknown;
}

/** A GraphQL error; `code` goes into its extensions. */
export class MexRefusal extends Error {
  override readonly name = 'MexRefusal';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Every failure that a bridge or the orchestrator may name. The one home of this fact:
 * HTTP statuses, failover, the hints that the model reads, Go's codes and docs/failures.md derive from it.
 */
export interface FailureRow {
  /** HTTP status with which a bridge answers. */
  readonly status: number;
  /**
   * Whether the other bridge may be asked after this failure, for operations that are not safe to repeat:
   * true only where it proves that nothing was handed to WhatsApp.
   */
  readonly nothingSent: boolean;
  /** Whether the same call may succeed later without anybody doing anything. */
  readonly retryable: boolean;
  /** What to do next; names the tool to call where one helps. */
  readonly hint: string;
}

export const failures = {
  invalid_argument: { status: 400, nothingSent: false, retryable: false, hint: 'Correct the named argument and call again.' },
  malformed_json: { status: 400, nothingSent: false, retryable: false, hint: 'Send one JSON object as the body, with content-type application/json.' },
  unauthorized: { status: 401, nothingSent: false, retryable: false, hint: 'Send the token of the data folder as "Authorization: Bearer <token>"; the file "token" holds it.' },
  forbidden_origin: { status: 403, nothingSent: false, retryable: false, hint: 'Bridges answer programs on this machine only: use the address 127.0.0.1 and send no Origin header.' },
  policy_denied: { status: 403, nothingSent: false, retryable: false, hint: 'The settings of this server forbid it; the person who runs it can change them.' },
  declined: { status: 403, nothingSent: false, retryable: false, hint: 'The user said no. Do not try again unless they ask for it.' },
  not_allowed: { status: 403, nothingSent: false, retryable: false, hint: 'WhatsApp does not allow this to this account (admin rights, or the privacy settings of the other side).' },
  not_found: { status: 404, nothingSent: false, retryable: false, hint: 'Look it up first: list_chats, search_contacts or query_synced_messages give valid ids.' },
  unknown_operation: { status: 404, nothingSent: true, retryable: false, hint: 'The bridge and the orchestrator are of different versions: run "make up" again.' },
  ambiguous: { status: 409, nothingSent: false, retryable: false, hint: 'Several match. Call again with the JID of one of the candidates.' },
  not_paired: { status: 409, nothingSent: true, retryable: false, hint: 'Link this bridge first: call get_pairing_qr, or request_pairing_code.' },
  already_paired: { status: 409, nothingSent: false, retryable: false, hint: 'The bridge is linked. Call logout_session first to link another account.' },
  passkey_required: { status: 409, nothingSent: true, retryable: false, hint: 'WhatsApp asks this account for a passkey, which only the whatsmeow bridge can give: call get_pairing_qr with backend "whatsmeow".' },
  bridge_off: { status: 409, nothingSent: true, retryable: false, hint: 'The Baileys bridge is switched off (WHATSAPP_BAILEYS=off). Set it to on-demand to use this tool.' },
  expired: { status: 410, nothingSent: false, retryable: false, hint: 'WhatsApp no longer has it. For media, the phone that holds it must be online to send it again.' },
  too_large: { status: 413, nothingSent: false, retryable: false, hint: 'It is over the limit that the message names. Send less.' },
  unsupported_type: { status: 415, nothingSent: false, retryable: false, hint: 'Use one of the types that the message names.' },
  unsupported_by_backend: { status: 422, nothingSent: true, retryable: false, hint: 'Neither library can do this; the message says what can be done instead.' },
  locked: { status: 423, nothingSent: false, retryable: true, hint: 'Somebody else holds it; the message says who. Wait for them, or stop them.' },
  rate_limited: { status: 429, nothingSent: false, retryable: true, hint: 'Too many requests for now. Wait before the next one; do not retry in a loop.' },
  restricted: { status: 429, nothingSent: false, retryable: true, hint: 'WhatsApp restricts this account from writing to new contacts for a while. backend_status says until when, where known.' },
  banned: { status: 403, nothingSent: true, retryable: false, hint: 'WhatsApp has banned this account for a time. backend_status says until when, where known.' },
  client_outdated: { status: 426, nothingSent: true, retryable: false, hint: 'WhatsApp refuses this version of the library. Update this server.' },
  disconnected: { status: 503, nothingSent: true, retryable: true, hint: 'The bridge has no connection to WhatsApp at the moment and keeps trying. Call backend_status.' },
  bridge_down: { status: 503, nothingSent: true, retryable: true, hint: 'The bridge does not answer. Start it with "make up", then call backend_status.' },
  phone_offline: { status: 504, nothingSent: false, retryable: true, hint: 'The phone did not answer. Ask the user to open WhatsApp on it, then call again.' },
  no_answer_from_whatsapp: { status: 504, nothingSent: false, retryable: true, hint: 'WhatsApp left the request unanswered. It is known to do so for catalogs since mid-2026.' },
  outcome_unknown: { status: 504, nothingSent: false, retryable: false, hint: 'It may have happened. Do not repeat it; read the chat first (list_messages), the message shows up there if it was sent.' },
  timeout: { status: 504, nothingSent: false, retryable: true, hint: 'It took too long. Nothing was changed; try again.' },
  cancelled: { status: 499, nothingSent: false, retryable: true, hint: 'The call was cancelled before it ended.' },
  history_incomplete: { status: 409, nothingSent: false, retryable: true, hint: 'The message names the chats and the next step; resume_sync goes on from the checkpoint.' },
  store_unavailable: { status: 503, nothingSent: false, retryable: true, hint: 'messages.db cannot be read or written; the message says why (disk full, read-only, newer version).' },
  whatsapp_error: { status: 502, nothingSent: false, retryable: false, hint: 'WhatsApp refused the request; the message has its code and text.' },
  internal: { status: 500, nothingSent: false, retryable: false, hint: 'A defect of this server. Its log has the details.' },
} as const satisfies Record<string, FailureRow>;

export type FailureCode = keyof typeof failures;

export const failureCodes = Object.keys(failures) as [FailureCode, ...FailureCode[]];

/** A known failure: thrown where it is found, turned into an answer at the one edge of each process. */
export class Failure extends Error {
  readonly code: FailureCode;
  /** Facts for the reader, such as the candidates of an ambiguous name. JSON values only. */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: FailureCode, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = 'Failure';
    this.code = code;
    this.details = details;
  }
}

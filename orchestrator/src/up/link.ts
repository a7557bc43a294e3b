/** Links a bridge to an account: a person scans the QR in the terminal, types a code, or the simulated phone scans. */
import type { Bridge, Output } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import qrcode from 'qrcode';
import type { BridgeClient } from '../bridges.ts';
import { pollStatus, statusLine, statusOrFailure, waitForStatus } from './bridge-line.ts';
import type { Layout } from './layout.ts';
import { scan } from './simulated-account.ts';

export interface Linking {
  readonly client: BridgeClient;
  readonly layout: Layout;
  readonly print: (line: string) => void;
  /** Whether somebody watches: then codes are shown anew until the phone has scanned one. */
  readonly interactive: boolean;
}

type QrAnswer = Output<'session.pair_qr'>;

const QR_WAIT_MS = 30_000;
const CALL_MS = 45_000;
/** WhatsApp ends a pairing that nobody scans after about three minutes. */
const PERSON_WAITS_MS = 170_000;
const SIMULATED_LINK_MS = 60_000;

function askQr({ client }: Linking, bridge: Bridge): Promise<QrAnswer> {
  return client.call(bridge, 'session.pair_qr', { wait_ms: QR_WAIT_MS }, { deadlineMs: CALL_MS, signal: AbortSignal.timeout(CALL_MS) });
}

/** Links one bridge, unless it is linked. Answers whether it is. */
export async function link(linking: Linking, bridge: Bridge): Promise<boolean> {
  const status = await statusOrFailure(linking.client, bridge);
  if (status instanceof Failure || status.state === 'off') {
    linking.print(statusLine(bridge, status));
    return false;
  }
  if (status.paired) return true;
  try {
    return linking.layout.simulated ? await linkSimulated(linking, bridge) : await linkByPerson(linking, bridge);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    linking.print(unreachable(error) ? `WhatsApp cannot be reached from this machine: ${error.message} The ${bridge} bridge keeps trying; "make link" shows the QR once it can.` : statusLine(bridge, error));
    return false;
  }
}

function unreachable({ code }: Failure): boolean {
  return code === 'disconnected' || code === 'timeout';
}

async function linkSimulated(linking: Linking, bridge: Bridge): Promise<boolean> {
  const { qr } = await askQr(linking, bridge);
  if (qr !== undefined) await scan(linking.layout, qr);
  await waitForStatus(linking.client, bridge, {
    layout: linking.layout,
    withinMs: SIMULATED_LINK_MS,
    fits: ({ paired, state }) => paired && (state === 'connected' || state === 'idle'),
  });
  return true;
}

async function linkByPerson(linking: Linking, bridge: Bridge): Promise<boolean> {
  const { print, interactive } = linking;
  const deadline = Date.now() + PERSON_WAITS_MS;
  let shown: string | undefined;
  do {
    const answer = await askQr(linking, bridge);
    if (answer.state === 'paired') return true;
    if (answer.passkey !== undefined) {
      print(`WhatsApp asks for a passkey to link the ${bridge} bridge: ${answer.passkey.message}`);
      return false;
    }
    if (answer.qr !== undefined && answer.qr !== shown) await showQr(linking, bridge, answer.qr);
    shown = answer.qr;
    if (interactive && (await pairedBefore(linking, bridge, answer.expires_at ?? Date.now()))) return true;
  } while (interactive && Date.now() < deadline);
  print(`The ${bridge} bridge is not linked yet. "make link" shows a new QR; "make link PHONE=<number>" gives a code to type instead.`);
  return false;
}

async function showQr({ print }: Linking, bridge: Bridge, qr: string): Promise<void> {
  print(`\nLink the ${bridge} bridge: on the phone, WhatsApp > Settings > Linked devices > Link a device, and scan:\n`);
  print(await qrcode.toString(qr, { type: 'terminal', small: true, errorCorrectionLevel: 'L' }));
}

async function pairedBefore({ client, layout }: Linking, bridge: Bridge, expiresAt: number): Promise<boolean> {
  const withinMs = Math.max(1_000, expiresAt - Date.now());
  return (await pollStatus(client, bridge, { layout, withinMs, fits: ({ paired }) => paired })) !== undefined;
}

/** Asks WhatsApp for the code that the person types on the phone, and prints it. */
export async function printPairingCode({ client, print }: Linking, bridge: Bridge, phoneNumber: string): Promise<void> {
  const { code, expires_at } = await client.call(bridge, 'session.pair_code', { phone_number: phoneNumber }, { deadlineMs: CALL_MS, signal: AbortSignal.timeout(CALL_MS) });
  print(`Link the ${bridge} bridge: on the phone, WhatsApp > Settings > Linked devices > Link a device > Link with phone number instead.`);
  print(`Code: ${code}   (until ${new Date(expires_at).toLocaleTimeString()})`);
}

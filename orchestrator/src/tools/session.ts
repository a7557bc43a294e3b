import { Failure, bridges, failures } from '@whatsapp-mcp/contract';
import type { Bridge, Output } from '@whatsapp-mcp/contract';
import QRCode from 'qrcode';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { localTime } from '../store/local-time.ts';
import { parseReference } from '../store/reference.ts';
import { Contents, tool } from '../tool.ts';
import { statusReport } from './backend-status.ts';

const backend = z.enum(bridges);

export const backendStatus = tool({
  name: 'backend_status',
  title: 'Status of both bridges',
  description: 'Connection, pairing, sync and restrictions of both WhatsApp bridges, the store, and which tools work now and why not.',
  toolset: 'session',
  effect: 'reads',
  route: 'hybrid',
  input: z.strictObject({ detail: z.boolean().optional() }),
  examples: [{}, { detail: true }],
  run: ({ detail = false }, context) => statusReport(context, detail),
});

export const getPairingQr = tool({
  name: 'get_pairing_qr',
  title: 'Link a bridge by QR code',
  description: 'Starts linking a bridge and shows the QR code to scan in WhatsApp > Linked devices. Call again when it has expired.',
  toolset: 'session',
  effect: 'local',
  route: 'session.pair_qr',
  input: z.strictObject({ backend, wait_seconds: z.int().min(0).max(40).optional() }),
  examples: [{ backend: 'whatsmeow' }, { backend: 'baileys', wait_seconds: 30 }],
  run: async ({ backend: bridge, wait_seconds = 20 }, context) => {
    const answer = await context.ask('session.pair_qr', { wait_ms: wait_seconds * 1000 }, { bridge });
    return pairingContents(bridge, answer, context);
  },
});

async function pairingContents(bridge: Bridge, answer: Output<'session.pair_qr'>, context: Context): Promise<Contents> {
  if (answer.state === 'paired') return says(`The ${bridge} bridge is linked${answer.own_jid === undefined ? '' : ` as ${answer.own_jid}`}. There is nothing to scan.`);
  if (answer.passkey !== undefined) return says(passkeyText(bridge, answer.passkey));
  if (answer.qr === undefined) throw new Failure('timeout', `The ${bridge} bridge had no QR code yet. Call get_pairing_qr again.`);
  const png = await QRCode.toBuffer(answer.qr, { type: 'png', errorCorrectionLevel: 'L', margin: 4, scale: 6 });
  const expiry = answer.expires_at === undefined ? '' : ` It expires at ${localTime(context.timeZone).format(answer.expires_at)}; then call get_pairing_qr again.`;
  const text = `Scan this QR code with the phone: WhatsApp > Settings > Linked devices > Link a device. It links the ${bridge} bridge and is a secret: show it to nobody else.${expiry}`;
  return new Contents([
    { type: 'text', text },
    { type: 'image', data: png.toString('base64'), mimeType: 'image/png' },
  ]);
}

function says(text: string): Contents {
  return new Contents([{ type: 'text', text }]);
}

/** The assertion can only be made on WhatsApp's own page, by the person: they run the request there and hand the answer back. */
function passkeyText(bridge: Bridge, passkey: NonNullable<Output<'session.pair_qr'>['passkey']>): string {
  const code = passkey.code === undefined ? '' : `\nCode to compare with the phone: ${passkey.code}`;
  const request =
    passkey.request === undefined
      ? ''
      : `\nOpen https://web.whatsapp.com in a browser that has the passkey, run in its console:\n` +
        `navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(${passkey.request})}).then(c => copy(JSON.stringify(c)))\n` +
        `then run "whatsapp-mcp passkey" in a terminal and paste what was copied.`;
  return `WhatsApp asks for a passkey to link the ${bridge} bridge (step: ${passkey.stage}). ${passkey.message}${code}${request}`;
}

export const requestPairingCode = tool({
  name: 'request_pairing_code',
  title: 'Link a bridge by code',
  description: 'Starts linking a bridge and returns the 8-character code to type in WhatsApp > Linked devices > Link with phone number.',
  toolset: 'session',
  effect: 'local',
  route: 'session.pair_code',
  input: z.strictObject({ backend, phone_number: z.string().max(40) }),
  examples: [{ backend: 'whatsmeow', phone_number: '+1 555 0100' }],
  run: async ({ backend: bridge, phone_number }, context) => {
    const answer = await context.ask('session.pair_code', { phone_number: digitsOf(phone_number) }, { bridge });
    return {
      backend: bridge,
      code: answer.code,
      expires_at: localTime(context.timeZone).format(answer.expires_at),
      next_step: 'On the phone: WhatsApp > Settings > Linked devices > Link a device > Link with phone number instead, then type the code.',
    };
  },
});

function digitsOf(text: string): string {
  const reference = parseReference(text);
  const [number] = reference.kind === 'phone' ? reference.numbers : [];
  if (number === undefined) throw new Failure('invalid_argument', `phone_number: "${text}" is no phone number. Write it with country code, as in +49 1512 3456789.`);
  return number;
}

export const getLinkedDevices = tool({
  name: 'get_linked_devices',
  title: 'Linked devices',
  description: 'Lists the devices linked to this WhatsApp account.',
  toolset: 'session',
  effect: 'reads',
  route: 'session.devices',
  input: z.strictObject({}),
  examples: [{}],
  run: async (_input, context) => context.ask('session.devices', {}),
});

export const logoutSession = tool({
  name: 'logout_session',
  title: 'Unlink a bridge',
  description: 'Unlinks a bridge from the account and deletes its credentials. Stored messages stay.',
  toolset: 'session',
  effect: 'destroys',
  route: 'session.logout',
  input: z.strictObject({ backend }),
  examples: [{ backend: 'baileys' }],
  run: async ({ backend: bridge }, context) => {
    await context.ask('session.logout', {}, { bridge });
    return { backend: bridge, logged_out: true, next_step: failures.not_paired.hint };
  },
});

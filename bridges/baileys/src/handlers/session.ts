/** Linking, unlinking and the devices of the account. */
import { Failure } from '@whatsapp-mcp/contract';
import { canonicalUser, deviceless } from '../convert/jid.ts';
import type { Context, Some } from './context.ts';
import { ask, until } from './context.ts';

const QR_WITHIN_MS = 20_000;
/** WhatsApp closes the login socket 160 s after it opened (whatsmeow pair-code.go); nobody shall type a dead code. */
const CODE_LIFETIME_MS = 150_000;

type Names = 'session.status' | 'session.pair_qr' | 'session.pair_code' | 'session.logout' | 'session.devices';

export function sessionHandlers(context: Context): Some<Names> {
  const { session, keys, now, status } = context;
  return {
    'session.status': async () => status(),
    'session.pair_qr': async ({ wait_ms }, signal) => {
      session.requireOn();
      if (session.paired) return { state: 'paired', ...ownJidOf(context) };
      session.startPairing();
      const patience = AbortSignal.any([signal, AbortSignal.timeout(wait_ms ?? QR_WITHIN_MS)]);
      const shown = await session.pairing.current(patience, noCode);
      return shown.state === 'paired' ? { ...shown, ...ownJidOf(context) } : shown;
    },
    'session.pair_code': async ({ phone_number }, signal) => {
      session.requireOn();
      if (session.paired) throw new Failure('already_paired', 'The Baileys bridge is linked.');
      session.startPairing();
      // WhatsApp takes the request once it has sent what a QR code is made of.
      await session.pairing.current(signal, noCode);
      const socket = session.pairingSocket;
      if (socket === undefined) throw noCode();
      const code = await until(signal, socket.requestPairingCode(phone_number));
      return { code, expires_at: now() + CODE_LIFETIME_MS };
    },
    'session.logout': async (_input, signal) => {
      await session.logout(signal);
      return {};
    },
    'session.devices': async (_input, signal) => {
      const own = keys.creds.me?.id;
      const found = await ask(context, signal, 'nothing', (socket) => socket.getUSyncDevices([deviceless(own) ?? ''], false, false));
      const mine = Number(/:(\d+)@/.exec(own ?? '')?.[1] ?? 0);
      const ids = new Set([...found.map(({ device }) => device ?? 0), mine]);
      const person = canonicalUser(own) ?? '';
      return {
        devices: [...ids]
          .sort((one, two) => one - two)
          .map((id) => ({ jid: id === 0 ? person : person.replace('@', `:${id}@`), device_id: id, is_phone: id === 0, is_this_bridge: id === mine })),
      };
    },
  };
}

const noCode = (): Failure => new Failure('disconnected', 'WhatsApp sent nothing to link with in time.');

function ownJidOf({ status }: Context): { own_jid?: string } {
  const { own_pn } = status();
  return own_pn === undefined ? {} : { own_jid: own_pn };
}

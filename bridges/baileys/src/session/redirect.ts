/** Points Baileys at a simulated WhatsApp on this machine: its Noise root, and its media server in plain HTTP. */
import { Agent as HttpsAgent } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { Agent, install } from 'undici';
import { z } from 'zod';

export interface Redirect {
  /** For downloads: undici's way of opening connections. */
  readonly dispatcher: Agent;
  /** For uploads: those of node:https. */
  readonly agent: HttpsAgent;
}

const NoiseRoot = z.object({ public_key: z.string().regex(/^[0-9a-f]{64}$/) });
const ROOT_WITHIN_MS = 5000;

class LoopbackAgent extends HttpsAgent {
  readonly #port: number;

  constructor(port: number) {
    super();
    this.#port = port;
  }

  override createConnection(): Duplex {
    return connect(this.#port, '127.0.0.1');
  }
}

/** Every media host is dialled as this port of the machine; the https:// address is then spoken as plain HTTP. */
export function redirectTo(simulator: URL): Redirect {
  // Baileys calls the global fetch, and Node's own is of an undici too old for this Agent.
  install();
  const port = Number(simulator.port);
  const dispatcher = new Agent({
    connect: (_options, callback) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => callback(null, socket));
      socket.once('error', (error) => callback(error, null));
    },
  });
  return { dispatcher, agent: new LoopbackAgent(port) };
}

/** Makes the simulator's authority the one that Baileys trusts in this process. Rejects while the simulator is not there. */
export async function trustNoiseRoot(simulator: URL): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${simulator.port}/noise-root`, { signal: AbortSignal.timeout(ROOT_WITHIN_MS) });
  const { public_key } = NoiseRoot.parse(await response.json());
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(public_key, 'hex');
}

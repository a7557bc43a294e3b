import type { FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import type { Exchange } from '../exchange/exchange.ts';
import { MAX_FRAME_BYTES } from '../noise/frames.ts';
import type { Authority } from '../noise/authority.ts';
import { Connection } from './connection.ts';
import { converse } from './conversations.ts';

/** The path both clients open. */
const CHAT_PATH = '/ws/chat';

/** Accepts the WebSockets of clients on the port of the HTTP server. */
export class ChatListener {
  private readonly sockets: WebSocketServer;
  private connections = 0;

  constructor(http: FastifyInstance, exchange: Exchange, authority: Authority) {
    this.sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES + 16, perMessageDeflate: false });
    this.sockets.on('connection', (socket) => {
      this.connections += 1;
      const id = this.connections;
      const onBreach = (error: unknown) => exchange.watch.emit('trouble', { where: `connection ${id}`, error });
      new Connection(socket, {
        id,
        exchange,
        authority,
        onBreach,
        converse: (connection, payload, clientKey) => converse(exchange, connection, payload, clientKey),
      });
    });
    http.server.on('upgrade', (request, socket, head) => {
      if (new URL(request.url ?? '/', 'ws://localhost').pathname !== CHAT_PATH) {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (opened) => this.sockets.emit('connection', opened, request));
    });
  }

  /** Cuts all connections. */
  close(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate();
    return new Promise((resolve) => this.sockets.close(() => resolve()));
  }
}

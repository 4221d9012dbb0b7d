import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../base/clock.ts';
import { clientAddress } from './client-address.ts';

/**
 * Maximum number of open connections, both in total and per client (see {@link clientAddress}). If `maxPerAddress` is
 * undefined, only the total is limited.
 */
export interface ConnectionCaps {
  readonly max: number;
  readonly maxPerAddress: number | undefined;
}

export interface CapSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

type Reason = 'total' | 'address';

/** Minimum time between two log lines, in milliseconds, because a rejected client keeps trying. */
const LOG_EVERY_MS = 10_000;

/**
 * Closes connections that exceed the limits immediately, before reading from them. This prevents a single client from
 * using up the file descriptors that other clients and upstream calls need. Rejected connections are counted, and
 * logged at most every 10 s.
 */
export function capConnections(server: Server, caps: ConnectionCaps, surroundings: CapSurroundings): void {
  const { max, maxPerAddress = Number.POSITIVE_INFINITY } = caps;
  const refuse = refusals(surroundings);
  const open = new Map<string, number>();
  server.maxConnections = max;
  server.on('drop', () => refuse('total'));
  server.on('connection', (socket: Socket) => {
    const address = clientAddress({ socket, headers: {} }, 0);
    const count = (open.get(address) ?? 0) + 1;
    if (count > maxPerAddress) {
      refuse('address');
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
  showConnections(server, caps, surroundings.registry);
}

function refusals({ clock, logger, registry }: CapSurroundings): (reason: Reason) => void {
  const counter = new Counter({
    name: 'connections_refused_total',
    help: 'Connections closed because the limit of all connections (total) or of one address was reached',
    labelNames: ['reason'],
    registers: [registry],
  });
  const notLogged = { total: 0, address: 0 };
  const loggedAt: Record<Reason, number> = { total: Number.NEGATIVE_INFINITY, address: Number.NEGATIVE_INFINITY };
  for (const reason of ['total', 'address']) counter.inc({ reason }, 0);
  return (reason) => {
    counter.inc({ reason });
    notLogged[reason] += 1;
    if (clock.now() - loggedAt[reason] < LOG_EVERY_MS) return;
    logger.warn({ reason, connections: notLogged[reason] }, '⚠️ connections refused: too many are open');
    notLogged[reason] = 0;
    loggedAt[reason] = clock.now();
  };
}

function showConnections(server: Server, { max }: ConnectionCaps, registry: Registry): void {
  new Gauge({
    name: 'http_connections',
    help: 'Open client connections, and their maximum (max)',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const open = Promise.withResolvers<number>();
      server.getConnections((error, count) => open.resolve(error ? Number.NaN : count));
      this.set({ state: 'open' }, await open.promise);
      this.set({ state: 'max' }, max);
    },
  });
}

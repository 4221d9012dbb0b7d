import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

/**
 * Starts a server that answers every Redis command, on any free port, for as long as this process runs. A value is a
 * bulk string, and the answer to a command without a key is OK.
 */
async function startCache(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      for (const [, name] of String(bytes).matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
        socket.write(name === 'GET' ? '$5\r\nvalue\r\n' : '+OK\r\n');
      }
    });
  });
  await once(server.listen(0, '127.0.0.1').unref(), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Failures of a TCP server. While it hangs, a call fails after its timeout. */
const FAILURES = [{ kind: 'reset' }, { kind: 'half-close' }, { kind: 'blackhole' }, { kind: 'refuse' }];
const HARMLESS = [{ kind: 'latency', milliseconds: 50 }];

const breakerOf = (name: string, upstream: string, other: string) => ({
  upstream,
  endpoint: `read-${upstream}`,
  refusal: 503,
  untouched: ['health', `read-${other}`],
  failures: FAILURES,
  harmless: HARMLESS,
  log: { opened: [`${name} open`], halfOpen: [`${name} half-open`], closed: [`${name} closed`] },
});

const numbers = { threshold: 4, recoverySeconds: 2, callTimeoutSeconds: 1 };

/** A service with breakers in front of two TCP servers: a cache that speaks Redis, and the database. */
export default {
  name: 'service with breakers in front of a cache and the database',
  start: {
    command: ['node', 'sockets-service.ts'],
    readyPath: '/health',
    readySeconds: 20,
  },
  upstreams: { cache: { tcp: await startCache(), calls: 'redis' } },
  environment: { PORT: '${port}', CACHE: '${upstream.cache}', DATABASE_URL: '${postgres}' },
  conditions: { 'no-breakers': { BREAKERS: 'off' } },
  endpoints: {
    'read-cache': { method: 'GET', path: '/cache', served: [200], reaches: ['cache'] },
    'read-database': { method: 'GET', path: '/database', served: [200], reaches: ['database'] },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  breakers: {
    cache: breakerOf('cache', 'cache', 'database'),
    store: breakerOf('store', 'database', 'cache'),
  },
  profiles: { fast: { breakers: { cache: numbers, store: numbers } } },
} satisfies ContractFile;

export const defects = inProgram(
  'sockets-service.ts',
  each(
    'chaos/cache-outage',
    'breaker-opens',
    { 'cache-breaker-never-opens': 'opens at the threshold' },
    { says: 'It never opens: after ' },
  ),
  each(
    'chaos/store-outage',
    'breaker-opens',
    { 'store-breaker-never-opens': 'opens at the threshold' },
    { says: 'It never opens: after 12 failures in a row' },
  ),
  each(
    'chaos/cache-outage',
    'breaker-opens',
    { 'cache-breaker-opens-one-late': 'opens at the threshold' },
    { says: 'It opens late, after 5 failures in a row instead of 4' },
  ),
  each(
    'chaos/store-outage',
    'breaker-opens',
    { 'store-breaker-opens-one-late': 'opens at the threshold' },
    { says: 'It opens late, after 5 failures in a row instead of 4' },
  ),
  each('chaos/cache-failure-policy', 'failure-policy', {
    'cache-breaker-ignores-timeouts': 'counts as failures for cache: blackhole',
  }),
);

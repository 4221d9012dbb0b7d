/** Loaded into the reference service before anything else: makes it a slow build. */

import { subscribe } from 'node:diagnostics_channel';
import { type IncomingMessage, Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Slowness } from './builds.ts';

const slow: Slowness = JSON.parse(process.env.BENCH_SLOWNESS ?? '{}');

/** Returns a figure of the endpoint that a request is for. The first matching prefix of its path applies. */
const ofPath = (byPath: Readonly<Record<string, number>> = {}, { url = '' }: IncomingMessage): number =>
  Object.entries(byPath).find(([path]) => url.startsWith(path))?.[1] ?? 0;

const kept: unknown[] = [];
if (slow.bytes) kept.push(Buffer.alloc(slow.bytes, 1));

let requests = 0;
subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage };
  requests += 1;
  // A new text in each request, of one byte per character.
  if (slow.leakedBytes) kept.push(Buffer.from(`${requests}`.padEnd(slow.leakedBytes)).toString('latin1'));
  const until = performance.now() + ofPath(slow.extraMs, request);
  while (performance.now() < until);
});

// `reset` makes undici close a connection after its request.
subscribe('undici:request:create', (message) => {
  if (slow.closesConnections) (message as { request: { reset: boolean } }).request.reset = true;
});

const seen = new Map<string, number>();
let released: Promise<unknown> = Promise.resolve();

/** Delays a request as the slow build does: every so often, and until the mutex is free. */
async function wait(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = `${request.url}`.split(/[-?]/, 1)[0] as string;
  seen.set(route, (seen.get(route) ?? 0) + 1);
  if (slow.tailMs && (seen.get(route) as number) % TAIL === 0) await sleep(ofPath(slow.tailMs, request));
  if (!slow.mutexMs) return;
  const before = released;
  const closed = new Promise((resolve) => response.once('close', resolve));
  // A single request does not take longer: the mutex is held while the service works.
  released = before.then(() => Promise.race([closed, sleep(slow.mutexMs)]));
  await before;
}

/** Every how many requests of an endpoint are slow: a little more than 1%. */
const TAIL = 50;

if (slow.tailMs || slow.mutexMs) {
  const emit = Server.prototype.emit as (...args: unknown[]) => boolean;
  Server.prototype.emit = function (this: Server, ...args: unknown[]) {
    const [event, request, response] = args;
    if (event !== 'request') return emit.apply(this, args);
    void wait(request as IncomingMessage, response as ServerResponse).then(() => emit.apply(this, args));
    return true;
  };
}

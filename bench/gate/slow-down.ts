/** Loaded into the reference service before anything else: makes it use more processor time for each request. */

import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** Milliseconds by path prefix. The first matching prefix applies. */
const extra = Object.entries(JSON.parse(process.env.BENCH_EXTRA_MS ?? '{}') as Record<string, number>);

subscribe('http.server.request.start', (message) => {
  const { url = '' } = (message as { request: IncomingMessage }).request;
  const [, ms = 0] = extra.find(([path]) => url.startsWith(path)) ?? [];
  const until = performance.now() + ms;
  while (performance.now() < until);
});

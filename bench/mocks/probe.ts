import { readdirSync } from 'node:fs';

/** The resources that a process has used and holds. */
export interface Usage {
  /** User and system CPU time since its start, in milliseconds. */
  readonly cpuMs: number;
  /** Milliseconds since the epoch, with fractions. */
  readonly at: number;
  /** Used heap in bytes, after a garbage collection if one was requested. */
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Open TCP connections. Both ends of a connection to itself count. */
  readonly sockets: number;
  /** Open file descriptors; null if /proc does not show them. */
  readonly files: number | null;
}

// Preloaded into a process (node --import). Replies to each message of the parent with a `Usage`.
process.on('message', (wish: 'usage' | 'usage after collection') => {
  const { user, system } = process.cpuUsage();
  if (wish === 'usage after collection') globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({
    cpuMs: (user + system) / 1000,
    at: performance.timeOrigin + performance.now(),
    heapBytes: heapUsed,
    rssBytes: rss,
    sockets: process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length,
    files: openFiles(),
  } satisfies Usage);
});
// Exit together with the parent.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();

function openFiles(): number | null {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
}

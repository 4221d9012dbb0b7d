import { readdirSync } from 'node:fs';

/** What a process has used and holds at one moment. */
export interface Usage {
  /** CPU time since its start, user and system, in milliseconds. */
  readonly cpuMs: number;
  /** Epoch milliseconds, with fractions. */
  readonly at: number;
  /** Bytes of the heap that are in use, after a garbage collection where one was asked for. */
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Open TCP connections, both ends of a connection to itself counted. */
  readonly sockets: number;
  /** Open file descriptors; null where /proc does not tell them. */
  readonly files: number | null;
}

// Loaded before a process's own program (node --import): answers each message of its parent with a `Usage`.
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
// A parent that dies takes it along.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();

function openFiles(): number | null {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
}

import { readdirSync } from 'node:fs';

/** The resources that a process has used so far or currently holds. */
export interface Usage {
  /** User and system CPU time since the process started, in milliseconds. */
  readonly cpuMs: number;
  /** Milliseconds since the epoch, with a fractional part. */
  readonly at: number;
  /** Used heap in bytes, measured after a garbage collection if one was requested. */
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Number of open TCP connections. A connection of a process to itself counts twice. */
  readonly sockets: number;
  /** Number of open file descriptors, or null if /proc does not show them. */
  readonly files: number | null;
}

// Preloaded into a process with node --import. Replies with a `Usage` to each message from the parent.
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

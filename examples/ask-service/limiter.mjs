/**
 * Allows at most `max` requests per client in fixed windows aligned with the clock. It does not report when a window
 * ends.
 */
export function limiter(max, windowMs, now = Date.now) {
  let current = 0;
  let counts = new Map();
  return (client) => {
    const window = Math.floor(now() / windowMs);
    if (window !== current) {
      current = window;
      counts = new Map();
    }
    const count = (counts.get(client) ?? 0) + 1;
    counts.set(client, count);
    return count <= max;
  };
}

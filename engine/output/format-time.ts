let lastSecond = -1;
let prefix = '';

/**
 * Formats a time as RFC 3339 in UTC with microseconds, for example `2026-01-31T12:00:00.000250Z`.
 *
 * @param time Milliseconds since the Unix epoch, with a fractional part.
 */
export function formatTime(time: number): string {
  const micros = Math.round(time * 1_000);
  const second = Math.floor(micros / 1_000_000);
  if (second !== lastSecond) {
    lastSecond = second;
    prefix = new Date(second * 1_000).toISOString().slice(0, 20);
  }
  return `${prefix}${String(micros - second * 1_000_000).padStart(6, '0')}Z`;
}

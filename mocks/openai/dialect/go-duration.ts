/**
 * Formats a duration like Go's `time.Duration`, which is the format that Groq uses: `2m59.56s`, `7.66s`, `172ms`, `0s`.
 * The precision is one microsecond. Durations below one millisecond are in `µs`.
 */
export function goDuration(milliseconds: number): string {
  const micros = Math.round(milliseconds * 1000);
  if (micros === 0) return '0s';
  if (micros < 1000) return `${micros}µs`;
  if (micros < 1_000_000) return `${micros / 1000}ms`;

  const hours = Math.floor(micros / 3_600_000_000);
  const minutes = Math.floor(micros / 60_000_000) % 60;
  const seconds = `${(micros % 60_000_000) / 1_000_000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

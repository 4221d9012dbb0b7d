/** Formats a duration in words: `about 40 s`, `about 25 min`. */
export const about = (seconds: number): string =>
  seconds < 100 ? `about ${seconds.toFixed(0)} s` : `about ${Math.ceil(seconds / 60)} min`;

/** The most characters of a line that only begins a text. */
const LINE = 200;

/** Returns the beginning of a text in one line. Redact secrets first, because a truncated secret is not recognized. */
export function beginningOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LINE ? `${line.slice(0, LINE)}…` : line;
}

/** Returns a text, followed by how often it was found if more than once. */
export const timesFound = (text: string, times: number): string => (times === 1 ? text : `${text} (${times} times)`);

/** Formats a number with its noun: `3 requests`, `1 request`. */
export const count = (n: number, singular: string, plural = `${singular}s`): string =>
  `${n} ${n === 1 ? singular : plural}`;

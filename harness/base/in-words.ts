/** Formats a duration in words: `about 40 s`, `about 25 min`. */
export const about = (seconds: number): string =>
  seconds < 100 ? `about ${seconds.toFixed(0)} s` : `about ${Math.ceil(seconds / 60)} min`;

/** Formats a number with its noun: `3 requests`, `1 request`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

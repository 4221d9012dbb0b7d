/** Seconds as people say them: `about 40 s`, `about 25 min`. */
export const about = (seconds: number): string =>
  seconds < 100 ? `about ${seconds.toFixed(0)} s` : `about ${Math.ceil(seconds / 60)} min`;

/** Ranks a request's status, or 0 if there was no response. A higher rank tells more about a failure. */
export const badness = (status: number): number => (status === 0 ? 3 : status >= 500 ? 2 : status >= 400 ? 1 : 0);

import { carriedBy } from '../blocking/carried.ts';

const AsyncFunction = (async () => {}).constructor;

/** Whether a function is declared `async`, so that its result is not known before it is called. */
export const isAsyncFunction = (value: unknown): boolean =>
  value instanceof AsyncFunction || carriedBy(value)?.isAsync === true;

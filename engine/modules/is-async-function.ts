const AsyncFunction = (async () => {}).constructor;

/** Whether a function is declared `async`, so that its result can't be known synchronously. */
export const isAsyncFunction = (value: unknown): boolean => value instanceof AsyncFunction;

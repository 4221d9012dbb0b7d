const { withResolvers } = Promise;

/** `Promise.withResolvers()`, which is removed from the globals because k6 doesn't have it. */
export const deferred = <T>(): PromiseWithResolvers<T> => withResolvers.call(Promise) as PromiseWithResolvers<T>;

/** Returns the result of a function, or undefined if it throws. Use it if the reason makes no difference. */
export function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

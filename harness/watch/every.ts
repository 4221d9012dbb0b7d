/** Calls a function immediately, then at an interval in milliseconds, and one last time when it is disposed. */
export function every(ms: number, look: () => void): Disposable {
  look();
  const timer = setInterval(look, ms).unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      look();
    },
  };
}

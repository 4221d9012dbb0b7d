/** Milliseconds between two looks at the loop. */
const INTERVAL_MS = 20;

/** Calls back with the milliseconds by which this process's event loop was late, each time it looks. Ends when disposed. */
export function watchEventLoop(late: (ms: number) => void): Disposable {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late(Math.max(0, now - last - INTERVAL_MS));
    last = now;
  }, INTERVAL_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

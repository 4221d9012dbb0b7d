/** How often to check the event loop, in milliseconds. */
const INTERVAL_MS = 20;

/** Calls `late` at each check with this process's event loop delay in milliseconds, until it is disposed. */
export function watchEventLoop(late: (ms: number) => void): Disposable {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late(Math.max(0, now - last - INTERVAL_MS));
    last = now;
  }, INTERVAL_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

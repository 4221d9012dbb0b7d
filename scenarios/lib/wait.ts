/** Waits without blocking the VU's other work. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));

/**
 * Waits until a promise has been settled, at most for a time in milliseconds. A `pause` that is only raced would keep
 * running, and a script ends only when all of its timers have ended.
 */
export async function atMostFor(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, milliseconds));
  });
  await Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** Waits until a time (in milliseconds since the epoch). Returns immediately if it has passed. */
export const pauseUntil = (moment: number): Promise<void> => pause(moment - Date.now());

/** Returns the start of the next clock-aligned window. Windows begin at multiples of their length since the epoch. */
export const nextClockWindow = (windowMs: number): number => (Math.floor(Date.now() / windowMs) + 1) * windowMs;

/** Polls until a condition becomes true. Returns whether it did within the limit (in milliseconds). */
export async function until(condition: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await pause(20);
  }
  return true;
}

/** Runs an action n times, one after another. */
export async function times<Result>(n: number, act: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let index = 0; index < n; index += 1) results.push(await act(index));
  return results;
}

/** Runs an action n times concurrently. */
export const together = <Result>(n: number, act: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: n }, (_, index) => act(index)));

/** Runs an action n times, at most `width` of them concurrently. */
export async function atMost<Result>(
  width: number,
  n: number,
  act: (index: number) => Promise<Result>,
): Promise<Result[]> {
  let next = 0;
  const results: Result[] = [];
  const worker = async () => {
    while (next < n) {
      const index = next;
      next += 1;
      results[index] = await act(index);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** Waits without blocking the VU's other work. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));

/** Waits until a moment (milliseconds since the epoch), if it is still to come. */
export const pauseUntil = (moment: number): Promise<void> => pause(moment - Date.now());

/** When the next window by the clock begins: windows lie at multiples of their length since the epoch. */
export const nextClockWindow = (windowMs: number): number => (Math.floor(Date.now() / windowMs) + 1) * windowMs;

/** Asks again and again until a condition holds; tells whether it did before the deadline (in milliseconds). */
export async function until(condition: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await pause(20);
  }
  return true;
}

/** Does something n times, one after the other. */
export async function times<Result>(n: number, act: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let index = 0; index < n; index += 1) results.push(await act(index));
  return results;
}

/** Does something n times, all begun at once. */
export const together = <Result>(n: number, act: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: n }, (_, index) => act(index)));

/** Does something n times, at most `width` of them at once. */
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

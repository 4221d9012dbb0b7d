/** A task that takes some time and may have to run alone. */
export interface Task {
  readonly seconds: number;
  readonly alone: boolean;
}

/**
 * Returns how many seconds all tasks take if they start in order, `width` of them run concurrently, and those that must
 * run alone follow one at a time.
 */
export function secondsUntilDone(tasks: readonly Task[], width: number): number {
  const lanes = Array.from({ length: Math.max(1, width) }, () => 0);
  let alone = 0;
  for (const { seconds, alone: isAlone } of tasks) {
    const shortest = Math.min(...lanes);
    if (isAlone) alone += seconds;
    else lanes[lanes.indexOf(shortest)] = shortest + seconds;
  }
  return Math.max(...lanes) + alone;
}

/** A task that takes some time. */
export interface Task {
  readonly seconds: number;
  /**
   * How many tasks of its kind may run concurrently, from 1 to infinity. Tasks start when all tasks that allow more
   * have ended.
   */
  readonly atOnce: number;
}

/** Returns how many seconds all tasks take if they start in order, and at most `width` of them run concurrently. */
export function secondsUntilDone(tasks: readonly Task[], width: number): number {
  const kinds = [...Map.groupBy(tasks, ({ atOnce }) => atOnce)];
  return kinds.reduce((sum, [atOnce, some]) => sum + secondsOn(Math.min(width, atOnce), some), 0);
}

function secondsOn(width: number, tasks: readonly Task[]): number {
  const lanes = Array.from({ length: Math.max(1, width) }, () => 0);
  for (const { seconds } of tasks) {
    const shortest = Math.min(...lanes);
    lanes[lanes.indexOf(shortest)] = shortest + seconds;
  }
  return Math.max(...lanes);
}

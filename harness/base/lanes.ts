/** A task that takes some time. */
export interface Task {
  readonly seconds: number;
  /**
   * How many tasks of its kind may run concurrently, from 1 to infinity. Tasks start when all tasks that allow more
   * have ended.
   */
  readonly atOnce: number;
}

/**
 * Returns how many seconds all tasks take if they start in order, and at most `width` of them run concurrently.
 *
 * @param stretch How many times as long they take, because more of them run or they wait for processors. At least the
 * longest task is needed, and at most all one after another. Defaults to 1.
 */
export function secondsUntilDone(tasks: readonly Task[], width: number, stretch = 1): number {
  const kinds = [...Map.groupBy(tasks, ({ atOnce }) => atOnce)];
  return kinds.reduce((sum, [atOnce, some]) => {
    const seconds = some.map((task) => task.seconds);
    const all = seconds.reduce((total, each) => total + each, 0);
    return sum + Math.min(all, Math.max(...seconds, stretch * secondsOn(Math.min(width, atOnce), some)));
  }, 0);
}

function secondsOn(width: number, tasks: readonly Task[]): number {
  const lanes = Array.from({ length: Math.max(1, width) }, () => 0);
  for (const { seconds } of tasks) {
    const shortest = Math.min(...lanes);
    lanes[lanes.indexOf(shortest)] = shortest + seconds;
  }
  return Math.max(...lanes);
}

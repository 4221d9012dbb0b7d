/** Something that takes a while, and may have to run alone. */
export interface Task {
  readonly seconds: number;
  readonly alone: boolean;
}

/** Returns the seconds until all tasks are done: `width` of them run at once in their order, then the lone ones one by one. */
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

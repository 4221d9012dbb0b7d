/** How many VUs to run from a given time on, in milliseconds since the start. */
export interface VuStep {
  readonly time: number;
  readonly vus: number;
}

/**
 * Returns the steps of a ramp. Within a stage, VUs join or leave at equal intervals, the last one at the end of the
 * stage (golden record 17).
 *
 * @param stages Stages with durations in milliseconds.
 */
export function vuSteps(start: number, stages: readonly { duration: number; target: number }[]): VuStep[] {
  const steps: VuStep[] = [{ time: 0, vus: start }];
  let [time, vus] = [0, start];
  for (const { duration, target } of stages) {
    const change = Math.abs(target - vus);
    const direction = Math.sign(target - vus);
    // A stage with no duration is a jump: a single step.
    if (duration === 0 && change > 0) steps.push({ time, vus: target });
    else
      for (let step = 1; step <= change; step += 1)
        steps.push({ time: time + (duration * step) / change, vus: vus + direction * step });
    time += duration;
    vus = target;
  }
  return steps;
}

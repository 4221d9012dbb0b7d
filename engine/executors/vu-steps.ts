/** From this time on, in milliseconds from the beginning, so many VUs are wanted. */
export interface VuStep {
  readonly time: number;
  readonly vus: number;
}

/**
 * The steps of a ramp: within a stage each VU joins, or leaves, after an equal share of it, the last at its end
 * (golden record 17).
 *
 * @param stages Durations in milliseconds.
 */
export function vuSteps(start: number, stages: readonly { duration: number; target: number }[]): VuStep[] {
  const steps: VuStep[] = [{ time: 0, vus: start }];
  let [time, vus] = [0, start];
  for (const { duration, target } of stages) {
    const change = Math.abs(target - vus);
    const direction = Math.sign(target - vus);
    // A stage without a duration is a jump: one step.
    if (duration === 0 && change > 0) steps.push({ time, vus: target });
    else
      for (let step = 1; step <= change; step += 1)
        steps.push({ time: time + (duration * step) / change, vus: vus + direction * step });
    time += duration;
    vus = target;
  }
  return steps;
}

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
 * @param scale Returns this instance's part of a number of VUs.
 */
export function vuSteps(
  start: number,
  stages: readonly { duration: number; target: number }[],
  scale: (vus: number) => number,
): VuStep[] {
  const steps: VuStep[] = [{ time: 0, vus: scale(start) }];
  const add = (time: number, all: number) => {
    const vus = scale(all);
    if (steps.at(-1)?.vus !== vus) steps.push({ time, vus });
  };
  let [time, vus] = [0, start];
  for (const { duration, target } of stages) {
    const change = Math.abs(target - vus);
    const direction = Math.sign(target - vus);
    // A stage with no duration is a jump: a single step.
    if (duration === 0) add(time, target);
    else for (let step = 1; step <= change; step += 1) add(time + (duration * step) / change, vus + direction * step);
    time += duration;
    vus = target;
  }
  return steps;
}

/**
 * Returns how many VUs a ramp needs: a VU that is removed may finish its iteration within `patience`. If it is needed
 * again before that, it stays.
 *
 * @param end When the ramp's last VU must have ended.
 */
export function withRampDowns(steps: readonly VuStep[], patience: number, end: number): VuStep[] {
  const needed: VuStep[] = [];
  let before = 0;
  const last = () => needed.at(-1)?.vus ?? 0;
  for (const { time, vus } of steps) {
    if (vus < before) {
      if (patience === 0 || time + patience < end) needed.push({ time: time + patience, vus });
    } else {
      while ((needed.at(-1)?.time ?? -1) >= time && last() < vus) needed.pop();
      if (last() < vus) needed.push({ time, vus });
    }
    before = vus;
  }
  if (last() > 0) needed.push({ time: end, vus: 0 });
  return needed;
}

import type { Plan } from '../executors/plan.ts';

/**
 * Returns the number of VUs needed by all scenarios: the highest total at any time, if each scenario lasts from its
 * start to the end of its grace period. Later scenarios reuse the VUs of earlier ones.
 */
export function vusNeeded(plans: readonly Plan[]): number {
  const span = ({ config, duration, vus }: Plan) => ({
    from: config.startTime,
    to: config.startTime + duration + config.gracefulStop,
    vus,
  });
  const spans = plans.map(span);
  const atStartOf = ({ from }: { from: number }) =>
    spans.filter((other) => other.from <= from && from <= other.to).reduce((sum, { vus }) => sum + vus, 0);
  return Math.max(0, ...spans.map(atStartOf));
}

import type { Plan } from '../executors/plan.ts';

/**
 * Returns how many VUs all scenarios need together: the highest total at any time, assuming that each scenario lasts
 * until the end of its grace period. Later scenarios reuse the VUs of earlier ones.
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

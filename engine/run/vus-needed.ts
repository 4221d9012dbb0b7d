import type { Plan } from '../executors/plan.ts';

/**
 * How many VUs must be there for all scenarios: the most that are at work at once, where one counts from its start to
 * the end of its grace. VUs are lent on from scenarios that have ended.
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

import type { Chart } from './chart.ts';
import { OUTCOMES, type Outcome, outcomeOf } from './outcome.ts';
import type { Recorded } from './recorded.ts';

/** Shows requests by outcome, counted at the time they were sent. Outcomes that don't occur are omitted. */
export function requestsChart({ history, bins, seconds }: Recorded): Chart | undefined {
  const byOutcome = Map.groupBy(history.all('request'), ({ status }) => outcomeOf(status));
  if (byOutcome.size === 0) return undefined;
  const seen = (Object.keys(OUTCOMES) as Outcome[]).filter((outcome) => byOutcome.has(outcome));
  return {
    kind: 'bars',
    title: `Requests sent per ${bins.label}, by outcome`,
    x: bins.middles,
    series: seen.map((outcome) => ({
      ...OUTCOMES[outcome],
      values: bins.count((byOutcome.get(outcome) ?? []).map(({ at }) => seconds(at))),
    })),
  };
}

import type { Chart } from './chart.ts';
import { percentile } from './percentile.ts';
import type { Recorded } from './timeline.ts';

/** The median and the 99th percentile of the requests that each bin sent, in milliseconds; nothing where it sent none. */
export function latencyChart({ history, bins, seconds }: Recorded): Chart | undefined {
  const answered = history.all('request').filter(({ status }) => status !== 0);
  if (answered.length === 0) return undefined;
  const byBin = Map.groupBy(answered, ({ at }) => bins.indexOf(seconds(at)));
  const each = (part: number) =>
    bins.starts.map((_, index) => {
      const times = byBin.get(index)?.map(({ ms }) => ms);
      return times ? Number(percentile(times, part).toFixed(2)) : null;
    });
  return {
    kind: 'lines',
    title: `Latency of answers, per ${bins.label}`,
    unit: 'ms',
    logarithmic: true,
    x: bins.middles,
    series: [
      { label: 'p50', look: 'first', values: each(0.5) },
      { label: 'p99', look: 'second', values: each(0.99) },
    ],
  };
}

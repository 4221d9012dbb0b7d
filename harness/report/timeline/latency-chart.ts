import { percentile } from '../../base/percentile.ts';
import type { RequestSample } from '../../history/events.ts';
import type { Chart } from './chart.ts';
import type { Recorded } from './recorded.ts';

/**
 * Shows the median and the 99th percentile of the requests sent in each bin, in milliseconds. If some got no response,
 * it also shows how long these waited at most in each bin. Bins without requests have no values.
 */
export function latencyChart({ history, bins, seconds }: Recorded): Chart | undefined {
  const [answered, unanswered] = [byBin(({ status }) => status !== 0), byBin(({ status }) => status === 0)];
  if (answered.size + unanswered.size === 0) return undefined;
  return {
    kind: 'lines',
    title: `Latency, per ${bins.label}`,
    unit: 'ms',
    logarithmic: true,
    x: bins.middles,
    series: [
      { label: 'p50', look: 'first', values: each(answered, 0.5) },
      { label: 'p99', look: 'second', values: each(answered, 0.99) },
      ...(unanswered.size > 0 ? [{ label: 'never answered', look: 'none' as const, values: each(unanswered, 1) }] : []),
    ],
  };

  function byBin(isMeant: (request: RequestSample) => boolean): Map<number, number[]> {
    const groups = Map.groupBy(history.all('request').filter(isMeant), ({ at }) => bins.indexOf(seconds(at)));
    return new Map([...groups].map(([bin, requests]) => [bin, requests.map(({ ms }) => ms)]));
  }

  function each(times: Map<number, number[]>, part: number): (number | null)[] {
    return bins.starts.map((_, bin) => {
      const all = times.get(bin);
      return all ? Number(percentile(all, part).toFixed(2)) : null;
    });
  }
}

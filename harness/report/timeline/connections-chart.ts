import type { Chart } from './chart.ts';
import type { Recorded } from './recorded.ts';

/** Shows the service's database connections and their maximum. Repeated samples are omitted. */
export function connectionsChart({ history, seconds }: Recorded, ceiling: number | undefined): Chart | undefined {
  const samples = history.all('connections');
  if (!samples.some(({ total }) => total > 0)) return undefined;
  const changed = samples.filter(({ total, active }, index) => {
    const [before, after] = [samples[index - 1], samples[index + 1]];
    return before?.total !== total || before.active !== active || after?.total !== total || after.active !== active;
  });
  return {
    kind: 'lines',
    title: ceiling === undefined ? 'Database connections' : `Database connections, of at most ${ceiling}`,
    unit: '',
    stepped: true,
    x: changed.map(({ at }) => seconds(at)),
    series: [
      { label: 'open', look: 'first', values: changed.map(({ total }) => total) },
      { label: 'running a query', look: 'second', values: changed.map(({ active }) => active) },
    ],
    ...(ceiling !== undefined && { limit: { label: 'maximum', value: ceiling } }),
  };
}

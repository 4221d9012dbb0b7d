import type { Band, Chart } from './chart.ts';
import type { Recorded } from './recorded.ts';

/** Shows the script's phases and the faults that were set. */
export function phaseBands(
  { history, from: beginning, seconds }: Recorded,
  faults: readonly Band[],
): Chart | undefined {
  const phases = history.all('phase').flatMap(({ at, title }, index, all): Band[] => {
    const until = all[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    if (until < beginning) return [];
    return [{ lane: 'phase', from: seconds(at), to: seconds(until), label: title, look: 'quiet' }];
  });
  const bands = [...phases, ...faults];
  if (bands.length === 0) return undefined;
  const lanes = [...new Set(bands.map(({ lane }) => lane))];
  return { kind: 'lanes', title: 'Test phases and faults', lanes, bands };
}

import type { Band, Chart } from './chart.ts';
import type { Recorded } from './timeline.ts';

/** What the script was at, and which faults the upstreams had meanwhile. */
export function phaseBands({ history, seconds }: Recorded, faults: readonly Band[]): Chart | undefined {
  const phases = history.all('phase').map(({ at, name }, index, all): Band => {
    const to = seconds(all[index + 1]?.at ?? Number.POSITIVE_INFINITY);
    return { lane: 'phase', from: seconds(at), to, label: name, look: 'quiet' };
  });
  const bands = [...phases, ...faults];
  if (bands.length === 0) return undefined;
  const lanes = [...new Set(bands.map(({ lane }) => lane))];
  return { kind: 'lanes', title: 'Phases of the script, and faults', lanes, bands };
}

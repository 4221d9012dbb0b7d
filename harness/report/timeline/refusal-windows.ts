import type { RequestSample } from '../../history/events.ts';
import type { Band, Chart } from './chart.ts';
import type { Recorded } from './recorded.ts';

/** Shows the time from the first to the last 429, for each endpoint and step of the script. */
export function refusalWindows({ history, seconds }: Recorded): Chart | undefined {
  const refused = history.all('request').filter(({ status }) => status === 429);
  if (refused.length === 0) return undefined;
  const endpointOf = ({ name, tags }: RequestSample) => tags.endpoint ?? name;
  const stepOf = ({ tags }: RequestSample) => tags.step ?? history.titleOf(tags);
  const windows = Map.groupBy(refused, (request) => JSON.stringify([endpointOf(request), stepOf(request)]));
  const bands = [...windows.values()].map((requests): Band => {
    const first = requests[0] as RequestSample;
    const last = Math.max(...requests.map(({ at, ms }) => at + ms));
    const label = `${stepOf(first)} (${requests.length} × 429)`.trim();
    return { lane: endpointOf(first), from: seconds(first.at), to: seconds(last), label, look: 'limited' };
  });
  const lanes = [...new Set(bands.map(({ lane }) => lane))].sort();
  return { kind: 'lanes', title: '429: from the first to the last, by endpoint and step', lanes, bands };
}

import { badness } from '../history/badness.ts';
import type { History } from '../history/history.ts';
import type { Finding } from '../verdict/finding.ts';

/** How many traces of a finding to name. */
const MOST = 3;

/**
 * Returns a function that names the traces of a few of the requests that a finding judged, unless it passed. Those of
 * requests that failed come first, then those with spans, then those of requests that took longest.
 */
export function tracesOf(history: History): (finding: Finding) => Pick<Finding, 'traces'> {
  const spans = Map.groupBy(history.all('span'), ({ trace }) => trace);
  const spansIn = (trace: string | undefined) => (trace === undefined ? 0 : (spans.get(trace)?.length ?? 0));
  return ({ verdict, requests = [] }) => {
    if (verdict === 'PASS' || requests.length === 0) return {};
    const judged = new Set(requests.flatMap((wanted) => history.sent(wanted)));
    const traces = [...judged]
      .filter(({ trace }) => trace !== undefined)
      .toSorted(
        (a, b) =>
          badness(b.status) - badness(a.status) ||
          Number(spansIn(b.trace) > 0) - Number(spansIn(a.trace) > 0) ||
          b.ms - a.ms,
      )
      .slice(0, MOST)
      .map(({ trace = '' }) => ({ id: trace, spans: spansIn(trace) }));
    return traces.length > 0 ? { traces } : {};
  };
}

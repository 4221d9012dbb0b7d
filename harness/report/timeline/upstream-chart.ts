import type { Chart, Look } from './chart.ts';
import type { Recorded } from './recorded.ts';

const LOOKS: Look[] = ['first', 'second', 'third'];

/**
 * Shows the requests that arrived at each upstream, as counted by its fake. Failed handshakes are shown separately,
 * because they contain no request.
 */
export function upstreamChart({ history, bins, seconds }: Recorded): Chart | undefined {
  const receipts = history.all('receipt');
  if (receipts.length === 0) return undefined;
  const [calls, handshakes] = [
    receipts.filter(({ kind }) => kind === 'request'),
    receipts.filter(({ kind }) => kind === 'handshake-failed'),
  ];
  const counted = (some: typeof receipts) => bins.count(some.map(({ at }) => seconds(at)));
  const byUpstream = [...Map.groupBy(calls, ({ upstream }) => upstream)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    kind: 'bars',
    title: `Calls that reached an upstream per ${bins.label}`,
    x: bins.middles,
    series: [
      ...byUpstream.map(([label, some], index) => ({
        label,
        look: LOOKS[index % LOOKS.length] as Look,
        values: counted(some),
      })),
      ...(handshakes.length > 0
        ? [{ label: 'TLS handshakes refused', look: 'none' as const, values: counted(handshakes) }]
        : []),
    ],
  };
}

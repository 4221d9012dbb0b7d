import type { Checker } from './checker.ts';
import { count } from './checker.ts';

/** Every fault that was asked for reached a request; one asked for the next N reached N. Receipts say so. */
export const faultsDelivered: Checker = (history) => {
  const asked = history.all('fault').filter(({ id }) => id !== undefined);
  if (asked.length === 0) return [];
  const delivered = history
    .all('receipt')
    .flatMap(({ upstream, faults = [] }) => faults.map((fault) => `${upstream} ${fault.split(':')[0]}`));
  const missing = asked.flatMap(({ upstream, id, asked: fault }) => {
    const got = delivered.filter((name) => name === `${upstream} ${id}`).length;
    const wanted = typeof fault.next === 'number' ? fault.next : undefined;
    if (wanted === undefined ? got > 0 : got === wanted) return [];
    return [`${fault.kind} at ${upstream}: ${got} of ${wanted ?? 'at least 1'} delivered`];
  });
  const judged = { check: 'faults delivered', expected: `all of ${count(asked.length, 'fault')} asked for` };
  if (missing.length === 0) return [{ ...judged, verdict: 'PASS', observed: `all, on ${delivered.length} requests` }];
  return [{ ...judged, verdict: 'INCONCLUSIVE', observed: missing[0] ?? '', evidence: missing.slice(1) }];
};

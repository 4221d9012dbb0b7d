import { type Checker, tally } from './checker.ts';
import { judgeQuickness } from './quickness.ts';

/**
 * No database connection is held while an upstream call is awaited: in the phase "slow upstream" more calls than the pool
 * has connections wait for an upstream, and reads are served meanwhile.
 */
export const poolFreeDuringUpstreamCalls: Checker = (history, { contract, numbers }) => {
  const waiting = history.requests({ phase: 'slow upstream', about: 'upstream' });
  const reads = history.requests({ phase: 'slow upstream', about: 'read' });
  const served = contract.endpoints[contract.pool.endpoint]?.served ?? [];
  const finding = judgeQuickness(reads, waiting, {
    check: 'pool free during upstream calls',
    what: `one of ${waiting.length} calls that wait for an upstream`,
  });
  if (reads.some(({ status }) => !served.includes(status))) {
    return [{ ...finding, verdict: 'FAIL', observed: tally(reads.map(({ status }) => status)) }];
  }
  return [waiting.length > numbers.pool.max ? finding : { ...finding, verdict: 'INCONCLUSIVE' }];
};

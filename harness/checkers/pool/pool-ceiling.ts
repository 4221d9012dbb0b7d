import { count } from '../../base/in-words.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { judgeCeiling } from '../lib/ceiling.ts';
import { type BuiltInChecker, poolNumber, poolOf } from '../lib/checker.ts';
import { callsAtOnceOf, unlessTooFew } from '../lib/few-calls.ts';

/** Minimum number of pg_stat_activity samples in a phase. */
const ENOUGH = 10;

/**
 * Checks, based on pg_stat_activity samples, that the service's number of connections reaches the pool's maximum and
 * never exceeds it. In the phase `locked`, the table is locked so that every open connection stays in use.
 */
export const poolCeiling: BuiltInChecker = {
  name: 'pool-ceiling',
  restsOn: ['pool-endpoint-reads-table'],
  countsConnections: true,
  usually:
    "The pool's maximum differs from the contract, connections are opened outside the pool, or each of several processes has a pool (`pool.processes`; `max` is for all of them together).",
  fix: 'Set the maximum of the pool from the promised number, create one pool for each process, and let all queries use it.',
  cases: () => [REACHES_CHECK, NEVER_CHECK].map((check) => ({ check, promises: [poolNumber('max')] })),
  judge(history, facts) {
    const { max } = poolOf(facts);
    const phases = history.phases('locked');
    const samples = history.all('connections');
    const locked = history.allIn('connections', phases);
    const lockedPeak = Math.max(0, ...locked.map(({ total }) => total));
    const isEnough = locked.length >= ENOUGH;
    const reaches: Finding = {
      check: REACHES_CHECK,
      requests: tagsIn(phases),
      expected: `${max} connections while the table is locked`,
      observed: `${lockedPeak}, in ${count(locked.length, 'sample')}`,
      verdict: !isEnough ? 'INCONCLUSIVE' : lockedPeak >= max ? 'PASS' : 'FAIL',
    };
    const isAll = lockedPeak >= Math.min(max, callsAtOnceOf(facts));
    return [
      isAll && lockedPeak < max ? unlessTooFew(reaches, facts, max, 'each of them uses a connection') : reaches,
      judgeCeiling(history, samples, { check: NEVER_CHECK, max, isEnough }),
    ];
  },
};

const REACHES_CHECK = 'pool reaches its maximum';
const NEVER_CHECK = 'pool never passes its maximum';

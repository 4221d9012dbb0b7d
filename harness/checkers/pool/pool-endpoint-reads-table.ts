import { count } from '../../base/in-words.ts';
import { tagsIn } from '../../history/history.ts';
import { type BuiltInChecker, hasPool, poolOf } from '../lib/checker.ts';

/**
 * Checks that the pool's endpoint reads the contract's table: while the table is locked, its query waits for the lock.
 */
export const poolEndpointReadsTable: BuiltInChecker = {
  name: 'pool-endpoint-reads-table',
  restsOn: ['endpoints-served'],
  countsConnections: true,
  usually: 'The endpoint responds from a cache, or reads a table other than the one in the contract.',
  fix: 'Name an endpoint that reads the table of `pool` at every request, without a cache.',
  cases: (facts) => (hasPool(facts) ? [{ check: checkOf(poolOf(facts)), promises: [] }] : []),
  without: 'the contract describes no pool',
  judge(history, facts) {
    if (!hasPool(facts)) return [];
    const { endpoint, table } = poolOf(facts);
    const phases = history.phases('locked');
    const samples = history.allIn('connections', phases);
    const waited = Math.max(0, ...samples.map(({ waitingForLock }) => waitingForLock));
    return [
      {
        check: checkOf({ endpoint, table }),
        requests: tagsIn(phases),
        expected: 'its query waits while the table is locked',
        observed: `${count(waited, 'connection')} waited for a lock, in ${count(samples.length, 'sample')}`,
        verdict: samples.length === 0 ? 'INCONCLUSIVE' : waited > 0 ? 'PASS' : 'FAIL',
      },
    ];
  },
};

const checkOf = ({ endpoint, table }: { endpoint: string; table: string }): string => `${endpoint} reads ${table}`;

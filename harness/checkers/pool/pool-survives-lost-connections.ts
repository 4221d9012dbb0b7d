import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import { tagsIn } from '../../history/history.ts';
import { type BuiltInChecker, poolOf, poolServed, tally } from '../lib/checker.ts';

/**
 * Checks that if connections are lost or the server has no free slot (SQLSTATE 53300), the service rejects calls just
 * as it does when its pool is exhausted, and reconnects on its own.
 *
 * In the phase `connections lost`, the lab closes the connections and takes slots away. After each of these steps, the
 * script reads until a call is served ("again").
 */
export const poolSurvivesLostConnections: BuiltInChecker = {
  name: 'pool-survives-lost-connections',
  restsOn: ['pool-endpoint-reads-table'],
  usually: 'The pool does not handle errors of idle connections, or hands out dead connections.',
  fix: 'Handle the error of idle connections (`pool.on("error", …)` in pg), and check connections before use (`pool_pre_ping` in SQLAlchemy).',
  cases: (facts) => [{ check: CHECK, promises: [['pool', 'refusal'], ...poolServed(facts)] }],
  judge(history, facts) {
    const { refusal, served } = poolOf(facts);
    const phases = history.phases('connections lost');
    const calls = history.requestsIn(phases);
    const other = calls.filter(({ status }) => status !== refusal && !served.includes(status));
    const refused = calls.filter(({ status }) => status === refusal).length;
    const last = history.requestsIn(phases, { about: 'again' }).at(-1);
    const judged = {
      check: CHECK,
      requests: tagsIn(phases),
      expected: `${refusal} without a connection, then served again`,
      observed: tally(calls.map(answerOf)),
      evidence: [
        `${count(refused, 'call')} refused; ${last ? `the last one got ${answerOf(last)}` : 'there was no call afterwards'}`,
      ],
    };
    if (other.length > 0 || (last && !served.includes(last.status))) return [{ ...judged, verdict: 'FAIL' }];
    return [{ ...judged, verdict: last && refused > 0 ? 'PASS' : 'INCONCLUSIVE' }];
  },
};

const CHECK = 'pool survives lost connections';

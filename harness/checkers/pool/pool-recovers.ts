import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import { tagsIn } from '../../history/history.ts';
import { type BuiltInChecker, poolOf, poolServed, tally } from '../lib/checker.ts';

/** Checks that every call is served again once the table is unlocked. */
export const poolRecovers: BuiltInChecker = {
  name: 'pool-recovers',
  restsOn: ['pool-refuses-the-rest'],
  usually: 'Connections are not returned after a timeout, or broken ones are reused.',
  fix: 'Return connections in a `finally`, and remove broken ones: `client.release(error)` in pg.',
  cases: (facts) => [{ check: CHECK, promises: poolServed(facts) }],
  judge(history, facts) {
    const { served } = poolOf(facts);
    const phases = history.phases('recovered');
    const calls = history.requestsIn(phases);
    const enough = calls.length > 0 && calls.length >= history.sentIn(phases).length / 2;
    return [
      {
        check: CHECK,
        requests: tagsIn(phases),
        expected: 'every call is served',
        observed: `${count(calls.length, 'call')}: ${tally(calls.map(answerOf))}`,
        verdict: calls.some(({ status }) => !served.includes(status)) ? 'FAIL' : enough ? 'PASS' : 'INCONCLUSIVE',
      },
    ];
  },
};

const CHECK = 'pool recovers';

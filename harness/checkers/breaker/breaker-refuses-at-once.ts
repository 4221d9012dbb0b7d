import { tagsIn } from '../../history/history.ts';
import { promiseOf } from '../lib/breaker-promises.ts';
import { type BuiltInChecker, breakerOf } from '../lib/checker.ts';
import { noiseOf } from '../lib/noise.ts';
import { afterOpening } from '../lib/opened-at.ts';
import { judgeQuickness, slowToFail } from '../lib/quickness.ts';

const CHECK = 'refuses at once';

/**
 * Checks that an open breaker rejects calls without waiting for the upstream. The rejected calls are compared with the
 * calls in the same run that failed while the breaker was still closed.
 */
export const breakerRefusesAtOnce: BuiltInChecker = {
  name: 'breaker-refuses-at-once',
  timed: true,
  restsOn: ['breaker-opens'],
  usually:
    'The open breaker still waits for the upstream or for a timeout, calls that it has refused are repeated, or rejections go through a slow error path.',
  fix: 'Check the breaker before anything else, such as a connection, a lock or a queue, and answer without another attempt.',
  cases: (facts) => [{ check: CHECK, promises: [promiseOf(breakerOf(facts), 'refusal')] }],
  judge(history, facts) {
    const { upstream, refusal } = breakerOf(facts);
    const [after, open, tags] = [afterOpening(history), history.phases('open'), { about: 'breaker' }];
    const calls = [...history.requestsIn(after), ...history.requestsIn(open, tags)];
    const refused = calls.filter(({ status }) => status === refusal);
    return [
      judgeQuickness(refused, slowToFail(history), {
        check: CHECK,
        requests: [...tagsIn(after), ...tagsIn(open, tags)],
        what: `a call that waits for ${upstream}`,
        noise: noiseOf(history, facts),
      }),
    ];
  },
};

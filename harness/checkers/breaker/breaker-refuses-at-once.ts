import { tagsIn } from '../../history/history.ts';
import { promiseOf } from '../lib/breaker-promises.ts';
import { type BuiltInChecker, breakerOf, isServed } from '../lib/checker.ts';
import { noiseOf } from '../lib/noise.ts';
import { afterOpening } from '../lib/opened-at.ts';
import { judgeQuickness, slowToFail } from '../lib/quickness.ts';
import { callsWhileOpen, rejectedEndpoints, tagsWhileOpen } from './other-endpoints.ts';

const CHECK = 'refuses at once';
const checkOf = (endpoint: string): string => `refuses at once: ${endpoint}`;

/**
 * Checks that an open breaker rejects calls without waiting for the upstream. The rejected calls are compared with the
 * calls in the same run that failed while the breaker was still closed. This applies to all endpoints that can't be served
 * without the upstream.
 */
export const breakerRefusesAtOnce: BuiltInChecker = {
  name: 'breaker-refuses-at-once',
  timed: true,
  restsOn: ['breaker-opens', 'breaker-covers-endpoints'],
  usually:
    'The open breaker still waits for the upstream or for a timeout, calls that it has refused are repeated, or rejections go through a slow error path.',
  fix: 'Check the breaker before anything else, such as a connection, a lock or a queue, and answer without another attempt.',
  cases: (facts) =>
    [CHECK, ...rejectedEndpoints(facts).map(checkOf)].map((check) => ({
      check,
      promises: [promiseOf(breakerOf(facts), 'refusal')],
    })),
  judge(history, facts) {
    const { upstream, refusal } = breakerOf(facts);
    const about = { what: `a call that waits for ${upstream}`, noise: noiseOf(history, facts) };
    const slow = slowToFail(history);
    const [after, open, tags] = [afterOpening(history), history.phases('open'), { about: 'breaker' }];
    const calls = [...history.requestsIn(after), ...history.requestsIn(open, tags)];
    const refused = calls.filter(({ status }) => status === refusal);
    return [
      judgeQuickness(refused, slow, { ...about, check: CHECK, requests: [...tagsIn(after), ...tagsIn(open, tags)] }),
      ...rejectedEndpoints(facts).map((endpoint) =>
        judgeQuickness(
          callsWhileOpen(history, facts, endpoint).filter((call) => !isServed(facts, call)),
          slow,
          { ...about, check: checkOf(endpoint), requests: tagsWhileOpen(history, endpoint) },
        ),
      ),
    ];
  },
};

import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, breakerOf, type Facts, isServed, tally } from '../lib/checker.ts';
import { becauseOfFew, ROOM, WHY_NO_ROOM } from '../lib/few-calls.ts';
import { judgeSlowdown } from '../lib/slowdown.ts';
import { meanStarvation } from '../lib/starvation.ts';

/**
 * The phases in which the upstream works, and those in between, in which calls to it first hang and are then rejected.
 */
const WELL = ['before', 'after'] as const;
const DOWN = { hanging: 'while it hangs', open: 'while its breaker is open' };

type Down = keyof typeof DOWN;
type Action = Down | (typeof WELL)[number];

/**
 * Checks that there is no cascading failure: while an upstream is down and still being called, the endpoints that the
 * contract lists as untouched are still served, and as fast as before and afterwards. The script adds the duration of a
 * call that doesn't use the service to the metric `control_ms`.
 *
 * The calls are made one after another, and their medians are compared, so this check sees a lasting slowdown.
 * `untouched-never-wait` sees a service that is frozen for a moment.
 */
export const untouchedStayAsFast: BuiltInChecker = {
  name: 'untouched-stay-as-fast',
  timed: true,
  restsOn: ['steady-state', 'breaker-opens'],
  usually: 'Waiting calls hold something that the endpoint needs: a worker, a connection, a lock or the event loop.',
  fix: 'Limit how many workers and connections calls to one upstream may hold (a bulkhead), so that enough remain for other endpoints.',
  cases: (facts) =>
    pairs(facts).map((pair) => ({
      check: checkOf(pair),
      promises: [['breakers', breakerOf(facts).name, 'untouched']],
    })),
  without: 'its breaker has no `untouched` endpoints',
  judge: (history, facts) =>
    pairs(facts).map((pair) => becauseOfFew(judge(history, facts, pair), facts, ROOM, WHY_NO_ROOM)),
};

/** An untouched endpoint, and a phase in which the upstream is down. */
interface Pair {
  readonly endpoint: string;
  readonly down: Down;
}

const pairs = (facts: Facts): Pair[] =>
  breakerOf(facts).untouched.flatMap((endpoint) => (Object.keys(DOWN) as Down[]).map((down) => ({ endpoint, down })));

const checkOf = ({ endpoint, down }: Pair): string => `${endpoint} as fast ${DOWN[down]}`;

function judge(history: History, facts: Facts, pair: Pair): Finding {
  const { endpoint, down } = pair;
  const tags = { about: 'untouched', endpoint };
  const calls = (action: Action) => history.requestsIn(history.phases(action), tags);
  const control = (action: Action) => history.metricIn('control_ms', history.phases(action)).map(({ value }) => value);
  const phases = history.phases(down);
  const [during, load] = [calls(down), history.requestsIn(phases, { about: 'load' })];
  const finding = judgeSlowdown(
    { without: WELL.map((action) => calls(action).map(({ ms }) => ms)), with: during.map(({ ms }) => ms) },
    { without: WELL.map(control), with: control(down) },
    {
      check: checkOf(pair),
      requests: tagsIn(phases, tags),
      what: 'before and after',
      starvedMs: meanStarvation(history, history.sentIn(phases)),
    },
  );
  if (during.some((call) => !isServed(facts, call))) {
    return { ...finding, verdict: 'FAIL', observed: tally(during.map(answerOf)) };
  }
  const isDown = load.length > 0 && !load.some((call) => isServed(facts, call));
  const answered = [...WELL, down].every((action) => calls(action).every((call) => isServed(facts, call)));
  return isDown && answered ? finding : { ...finding, verdict: 'INCONCLUSIVE' };
}

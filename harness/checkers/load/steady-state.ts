import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import { type BuiltInChecker, type Facts, isServed, tally } from '../lib/checker.ts';
import { whyRefused } from './why-refused.ts';

/**
 * Checks that the service works before anything is broken: in the phases `steady`, every call of an endpoint that the
 * scenario needs is served. If none of these endpoints is served, not even when it is called again, the script ends and
 * nothing is judged. Otherwise it leaves out the endpoints that are not served, and the result names them.
 */
export const steadyState: BuiltInChecker = {
  name: 'steady-state',
  restsOn: ['endpoints-served'],
  undecidedBy: ['service-stays-up'],
  usually: 'The service was not ready, or the contract describes the endpoint incorrectly. Run `doctor` first.',
  fix: 'Run `npx proofload doctor` and fix what it shows. All other checks of this scenario depend on this one.',
  noWireMutant: 'can only be INCONCLUSIVE: without a healthy start, nothing can be judged',
  noDefect: 'a service that did not work before anything was broken proves nothing: INCONCLUSIVE',
  // It never fails, so it judges no promise.
  cases: () => [{ check: 'steady state before', promises: [] }],
  judge(history, facts) {
    const phases = history.phases('steady');
    const calls = history.requestsIn(phases);
    const isWhole = calls.length > 0 && calls.length === history.sentIn(phases).length;
    const isGood = isWhole && calls.filter(isNeeded).every((call) => isServed(facts, call));
    const broken = brokenIn(history, facts, phases);
    const hasEnded = broken.some((endpoint) => endpoint.isNeeded) && !hasGoneOn(history);
    return [
      {
        check: 'steady state before',
        requests: tagsIn(phases),
        expected: 'every endpoint that the scenario needs gets a status that the contract lists as served',
        observed: broken.length > 0 ? broken.map(({ observed }) => observed).join('; ') : tally(calls.map(answerOf)),
        verdict: isGood ? 'PASS' : 'INCONCLUSIVE',
        ...(hasEnded && { voids: 'everything' }),
        ...(!isGood && broken.length > 0 && { lasting: true }),
        ...(broken.length > 0 && {
          evidence: [...broken.flatMap(({ why }) => why ?? []), hasEnded ? ENDED : LEFT_OUT],
        }),
      },
    ];
  },
};

const ENDED =
  'the scenario ended here: nothing can be judged of a service that does not work before anything is broken';
const LEFT_OUT = 'the scenario went on without what is not served before anything is broken';

/** Whether the scenario needs the called endpoint. */
const isNeeded = ({ tags: { about } }: RequestSample): boolean => about !== 'not needed';

/** Whether the script did anything after the steady state. */
const hasGoneOn = (history: History): boolean =>
  history.all('phase').some(({ data }) => !('action' in data) || data.action !== 'steady');

/**
 * Returns the endpoints that were not served before anything was broken, for a note of a scenario that went on without
 * them.
 */
export const leftOut = (history: History, facts: Facts): string[] =>
  hasGoneOn(history) ? brokenIn(history, facts, history.phases('steady')).map(({ observed }) => observed) : [];

/** An endpoint that was called again because it was not served, in vain. */
interface Broken {
  readonly observed: string;
  readonly why: string | undefined;
  readonly isNeeded: boolean;
}

function brokenIn(history: History, facts: Facts, phases: readonly PhaseEntry[]): Broken[] {
  const sent = Map.groupBy(history.sentIn(phases), ({ tags: { endpoint = '' } }) => endpoint);
  return [...sent].flatMap(([endpoint, calls]) => {
    const isRepeated = calls.length > history.phases('steady').length;
    if (!isRepeated || calls.some((call) => isServed(facts, call))) return [];
    const statuses = calls.map(({ status }) => status);
    const observed = `${endpoint}: ${tally(calls.map(answerOf))}`;
    return [{ observed, why: whyRefused(facts.contract, endpoint, statuses), isNeeded: calls.some(isNeeded) }];
  });
}

import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import { type BuiltInChecker, type Facts, isServed, tally } from '../lib/checker.ts';
import { whyRefused } from './why-refused.ts';

/**
 * Checks that the service works before anything is broken: in the phases `steady`, every call is served. If this fails,
 * no later result means anything. If an endpoint is not served when it is called again either, the script has ended.
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
    const isGood = isWhole && calls.every((call) => isServed(facts, call));
    const broken = brokenIn(history, facts, phases);
    return [
      {
        check: 'steady state before',
        requests: tagsIn(phases),
        expected: 'every call gets a status that the contract lists as served',
        observed:
          broken.length > 0
            ? broken.map(({ observed }) => observed).join('; ')
            : tally(calls.map(({ status }) => status)),
        verdict: isGood ? 'PASS' : 'INCONCLUSIVE',
        ...(broken.length > 0 && {
          voids: 'everything',
          lasting: true,
          evidence: [
            ...broken.flatMap(({ why }) => why ?? []),
            'the scenario ended here: nothing can be judged of a service that does not work before anything is broken',
          ],
        }),
      },
    ];
  },
};

/** An endpoint that was called again because it was not served, in vain. */
interface Broken {
  readonly observed: string;
  readonly why: string | undefined;
}

function brokenIn(history: History, facts: Facts, phases: readonly PhaseEntry[]): Broken[] {
  const sent = Map.groupBy(history.sentIn(phases), ({ tags: { endpoint = '' } }) => endpoint);
  return [...sent].flatMap(([endpoint, calls]) => {
    const isRepeated = calls.length > history.phases('steady').length;
    if (!isRepeated || calls.some((call) => isServed(facts, call))) return [];
    const statuses = calls.map(({ status }) => status);
    const observed = `${endpoint}: ${tally(statuses)}`;
    return [{ observed, why: whyRefused(facts.contract, endpoint, statuses) }];
  });
}

import { tagsIn } from '../../history/history.ts';
import { type BuiltInChecker, tally } from '../lib/checker.ts';

/**
 * Checks that the service works before anything is broken: in the phases `steady`, every call is served. If this fails,
 * no later result means anything.
 */
export const steadyState: BuiltInChecker = {
  name: 'steady-state',
  restsOn: ['endpoints-served'],
  usually: 'The service was not ready, or the contract describes the endpoint incorrectly. Run `doctor` first.',
  fix: 'Run `npx proofload doctor` and fix what it shows. All other checks of this scenario depend on this one.',
  noWireMutant: 'can only be INCONCLUSIVE: without a healthy start, nothing can be judged',
  noDefect: 'a service that did not work before anything was broken proves nothing: INCONCLUSIVE',
  // It never fails, so it judges no promise.
  cases: () => [{ check: 'steady state before', promises: [] }],
  judge(history, { contract }) {
    const phases = history.phases('steady');
    const calls = history.requestsIn(phases);
    const isWhole = calls.length > 0 && calls.length === history.sentIn(phases).length;
    const bad = calls.filter(({ status, tags }) => !contract.endpoints[tags.endpoint ?? '']?.served.includes(status));
    return [
      {
        check: 'steady state before',
        requests: tagsIn(phases),
        expected: 'every call gets a status that the contract lists as served',
        observed: tally(calls.map(({ status }) => status)),
        verdict: isWhole && bad.length === 0 ? 'PASS' : 'INCONCLUSIVE',
      },
    ];
  },
};

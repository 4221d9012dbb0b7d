import { count } from '../../base/in-words.ts';
import type { BuiltInChecker, Case, Facts } from '../lib/checker.ts';
import { NO_LIMITS_CONDITION, notSwitchedOff, refusedByLimit } from '../lib/switched-off.ts';

const CHECK = 'limits are switched off';

const casesOf = ({ proof, numbers }: Facts): Case[] =>
  proof.conditions.includes(NO_LIMITS_CONDITION) && Object.keys(numbers.limits).length > 0
    ? [{ check: CHECK, promises: [] }]
    : [];

/**
 * Checks that the settings with which a scenario switches the limits off do so. Otherwise, limits refuse calls of the
 * scenario, and its other checks blame something else. It fails only if nothing else can have refused a request with
 * 429: no other refusal of the contract, and no answer of an upstream.
 */
export const limitsSwitchedOff: BuiltInChecker = {
  name: 'limits-switched-off',
  usually: 'The service ignores the setting that switches its limits off.',
  fix: 'Let the service read the setting of `conditions.no-rate-limits`, or name the one that it reads.',
  noWireMutant: 'a made-up 429 would fail the other checks of the scenario as well',
  cases: casesOf,
  without: 'the scenario does not switch limits off, or the profile has none',
  judge(history, facts) {
    if (casesOf(facts).length === 0) return [];
    const requests = history.requests({});
    const refused = refusedByLimit(history, facts, requests);
    const endpoints = [...new Set(refused.flatMap(({ tags }) => tags.endpoint ?? []))].join(', ');
    const observed = `${refused.length} of ${count(requests.length, 'request')} refused by a limit`;
    const judged = { check: CHECK, expected: 'no request is refused by a limit' };
    if (refused.length === 0) return [{ ...judged, observed, verdict: requests.length > 0 ? 'PASS' : 'INCONCLUSIVE' }];
    return [{ ...judged, observed: `${observed}: ${endpoints}`, usually: notSwitchedOff(facts), verdict: 'FAIL' }];
  },
};

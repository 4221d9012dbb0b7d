import { count } from '../../base/in-words.ts';
import { leastOf } from '../../callers/charge-of.ts';
import type { Budget } from '../../contract/budgets.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed } from '../lib/checker.ts';
import { firstAnswered, lastAnswered, lastSent } from '../lib/request-times.ts';
import { refusesAlone, TELL_APART, whoElseRefuses, whyRefusedTooEarly } from './refused-by.ts';
import {
  amount,
  budgetNamed,
  casesIn,
  isRefused,
  NO_BUDGETS,
  phasesOf,
  reserveOf,
  totalOf,
  type UsedUp,
  usedUp,
} from './spent.ts';
import { whyExceeded } from './why-exceeded.ts';

/**
 * Checks that what upstreams have charged exceeds a budget by at most the largest usage of a single call, although 50
 * callers come at once. What is charged is what the receipts of the upstreams say: also streams, those whose callers
 * leave (by what was sent), fallbacks and retries.
 *
 * The check needs a crowd of which a part is served and a part is refused. Processes that share the budget take turns.
 * Before the crowd comes, calls of the same caller fail, so that reservations which are given back twice are found. They
 * are left out if the budget begins anew within the run and the service has retries or a breaker, because failures could
 * then take longer than the budget lasts. The finding says what could not be seen.
 */
export const budgetHolds: BuiltInChecker = {
  name: 'budget-holds',
  restsOn: ['budget-counts', 'budget-spares'],
  usually: 'What was used is compared with the budget before a call, and added only when the call has ended.',
  fix:
    'Reserve the largest possible usage of a call in the same atomic step that compares it with the budget, such as ' +
    '`UPDATE … SET reserved = reserved + $1 WHERE used + reserved + $1 <= max`, and replace the reservation with the usage when ' +
    'the call ends.',
  cases: (facts) => casesIn(facts, 'crowd in budget', ({ name }) => checkOf(name), 'max', 'per', 'for'),
  without: NO_BUDGETS,
  judge: (history, facts) =>
    Object.keys(facts.contract.budgets).flatMap((name) => judge(history, facts, budgetNamed(facts, name))),
};

const checkOf = (name: string): string => `budget holds: ${name}`;

function judge(history: History, facts: Facts, budget: Budget): Finding[] {
  const used = usedUp(history, budget);
  const crowd = callsInCrowd(history, budget);
  if (phasesOf(history, 'crowd in budget', budget).length === 0) return [];
  const { spent, phases } = used;
  const { max } = budget;
  const bound = max + spent.largest;
  const judged = {
    check: checkOf(budget.name),
    requests: tagsIn(phases),
    expected: `at most ${amount(budget, max)}, and ${amount(budget, spent.largest)} of a single call`,
    observed: `${amount(budget, spent.total)} in ${count(spent.charges.length, 'request')} to ${budget.upstreams.join(', ')}`,
  };
  if (spent.unknown !== undefined)
    return [{ ...judged, observed: spent.unknown, verdict: 'INCONCLUSIVE', lasting: true }];
  if (spent.total > bound + leastOf(budget)) {
    return [{ ...judged, verdict: 'FAIL', ...whyExceeded(history, facts, used) }];
  }
  const early = whyRefusedTooEarly(history, used);
  if (early !== undefined) {
    const seen = { ...judged, observed: `${judged.observed}; ${budget.refusal} although ${early}` };
    return [
      refusesAlone(facts, budget)
        ? { ...seen, verdict: 'FAIL', usually: TOO_EARLY }
        : { ...seen, verdict: 'INCONCLUSIVE', lasting: true, usually: `${TOO_EARLY} ${TELL_APART}.` },
    ];
  }
  const other = whoElseRefuses(history, facts, budget, phasesOf(history, 'crowd in budget', budget));
  const why = whyUnseen(facts, used, crowd) ?? other;
  if (why === undefined) return [{ ...judged, verdict: 'PASS', ...notSeen(history, budget) }];
  return [{ ...judged, observed: `${judged.observed}; ${why}`, verdict: 'INCONCLUSIVE' }];
}

/** Names the defects that a budget which holds may hide. */
function notSeen(history: History, budget: Budget): Pick<Finding, 'evidence'> {
  const crowd = history.sentIn(phasesOf(history, 'crowd in budget', budget), { about: 'failing' });
  const left = phasesOf(history, 'left in budget', budget);
  const evidence = [
    ...(crowd.length === 0 ? ['whether reservations are given back twice: no calls failed before the crowd came'] : []),
    ...(left.length > 0 && !budget.count ? ['whether single streams are free if their callers leave: no `count`'] : []),
  ].map((what) => `not judged: ${what}`);
  return evidence.length > 0 ? { evidence } : {};
}

const TOO_EARLY =
  'Calls are refused although enough is left: the service has a smaller budget, charges more than upstreams do, or does not give reservations back.';

const callsInCrowd = (history: History, budget: Budget): RequestSample[] =>
  history.requestsIn(phasesOf(history, 'crowd in budget', budget), { limit: budget.name });

/** Returns why the crowd could not have shown that too much is used, or undefined. */
function whyUnseen(facts: Facts, { budget, calls, spent, endsAt }: UsedUp, crowd: readonly RequestSample[]) {
  if (crowd.length === 0) return 'no crowd came';
  if (spent.charges.length === 0) return 'no call was charged';
  if (!calls.some((call) => isRefused(budget, call)))
    return `it was never used up: a profile may have a smaller one (profiles.NAME.budgets.${budget.name}.max)`;
  const rounds = [...Map.groupBy(crowd, ({ tags }) => tags.round).values()];
  const mixed = rounds.filter(
    (round) => round.some((call) => isServed(facts, call)) && round.some((call) => isRefused(budget, call)),
  );
  if (mixed.length === 0) {
    return rounds.some((round) => round.some((call) => isServed(facts, call)))
      ? 'no crowd was served in part: another `max` would show it'
      : 'nothing was left for the crowd: a larger `max` would show it';
  }
  // If it is the budget that refuses, what is used and reserved leaves no room for another call.
  const isNearlyUsedUp = mixed.some((round) => {
    const served = round.filter((call) => isServed(facts, call)).length;
    const before = spent.charges.filter(({ receipt }) => receipt.at <= lastAnswered(round));
    return totalOf(before) + (served + 1) * reserveOf(budget) > budget.max;
  });
  if (!isNearlyUsedUp) return 'something else than the budget refuses a part of the crowd';
  const isAtOnce = mixed.some(
    (round) => lastSent(round) < firstAnswered(round.filter((call) => isServed(facts, call))),
  );
  if (!isAtOnce) return 'the callers of the crowd did not come at once';
  return lastAnswered(crowd) > endsAt ? 'the crowd took longer than the budget lasts' : undefined;
}

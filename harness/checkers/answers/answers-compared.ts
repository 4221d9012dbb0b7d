import { count } from '../../base/in-words.ts';
import type { PlannedAction } from '../../contract/phases.ts';
import { tagsIn } from '../../history/history.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { eachEntry } from '../lib/each-entry.ts';
import { promisedOf, seenIn } from './seen.ts';

/** What callers do in each phase in which answers are compared. */
const ACTIONS = {
  'split answers': 'answers in pieces',
  'same question': 'answers to the same question',
  'left in an answer': 'answers beside callers who left',
  'failing now and then': 'answers beside failing calls',
  'stored answers': 'stored answers',
  'cached answers': 'answers of a cache',
  'cached for another': 'answers of a cache to another caller',
} as const;

type Action = keyof typeof ACTIONS;

/**
 * Checks that there were answers to compare in each phase that puts them under pressure: without words of answers, the
 * other checks would say nothing about this phase.
 */
export const answersCompared: BuiltInChecker = {
  name: 'answers-compared',
  restsOn: ['steady-state'],
  usually: 'No response was served in this phase, or the contract promises answers that the endpoint does not show.',
  fix: 'Look at the statuses of the phase. If the endpoint shows no answer, say so: `answers: { as: none }`.',
  noDefect: 'it judges nothing by itself: it says whether the other checks of answers had anything to compare',
  noWireMutant: 'it judges nothing by itself: it says whether the other checks of answers had anything to compare',
  cases: (facts) =>
    phasesOf(facts)
      ?.filter(({ endpoint }) => isPromised(facts, endpoint))
      .map((phase) => ({ check: checkOf(phase), promises: [] })),
  without: 'the contract does not say how answers show (endpoints.NAME.answers.as)',
  judge(history, facts) {
    const { responses, learned } = seenIn(history, facts);
    const isShown = (endpoint: string) => isPromised(facts, endpoint) || learned.get(endpoint)?.places.size;
    return (phasesOf(facts) ?? []).flatMap(({ action, endpoint }) =>
      eachEntry(history.phases(action, { endpoint })).flatMap((phase) => {
        const calls = history.requestsIn(phase, { endpoint });
        const shown = responses.filter(
          ({ call, parts }) => calls.includes(call) && parts.some(({ words }) => words.length > 0),
        );
        if (shown.length === 0 && !isShown(endpoint)) return [];
        return [
          {
            check: checkOf({ action, endpoint }),
            requests: tagsIn(phase),
            expected: 'responses with words of answers',
            observed: `${shown.length} of ${count(calls.length, 'response')}`,
            verdict: shown.length === 0 ? 'INCONCLUSIVE' : 'PASS',
          } as const,
        ];
      }),
    );
  },
};

const checkOf = ({ action, endpoint }: { action: Action; endpoint: string }): string =>
  `compared: ${ACTIONS[action]}, ${endpoint}`;

const phasesOf = (facts: Facts): PlannedAction<Action>[] | undefined =>
  planned(facts, ...(Object.keys(ACTIONS) as Action[]));

function isPromised(facts: Facts, endpoint: string): boolean {
  const { as } = promisedOf(facts, endpoint) ?? {};
  return as !== undefined && as !== 'none';
}

import { count } from '../../base/in-words.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker } from '../lib/checker.ts';
import { type FailingNames, failingCases, watchFailing } from './failed-tools.ts';
import { NO_TOOLS } from './promised.ts';
import { unclearResult } from './results.ts';

/**
 * Checks that the end is the same as without the failure: if neither the model nor the caller was told that a tool has
 * failed, it has acted.
 */
export const failedToolsEndAlike: BuiltInChecker = {
  name: 'failed-tools-end-alike',
  restsOn: ['steady-state', 'tools-act'],
  usually:
    'The failure of a tool is caught and reported as success, so the model and the caller rely on an effect that is missing.',
  fix: 'Return the error as the result of the call if all attempts have failed.',
  noWireMutant: 'a proxy can’t change what a model is told',
  cases: (facts) => failingCases(facts, checkOf),
  without: NO_TOOLS,
  judge: (history, facts) =>
    history.phases('tool fails').map((phase): Finding => {
      const seen = watchFailing(history, facts, phase);
      const judged = {
        check: checkOf(phase),
        requests: tagsIn(phase),
        expected: 'the effect, or an error that the model or the caller is told',
      };
      if (typeof seen === 'string') return { ...judged, observed: seen, verdict: 'INCONCLUSIVE' };
      const { effects, isTold, isUnclear, isAnswered } = seen;
      const isRight = effects > 0 || isTold;
      const verdict = isRight ? 'PASS' : isUnclear ? 'INCONCLUSIVE' : 'FAIL';
      return {
        ...judged,
        observed: `${count(effects, 'effect')}, ${isTold ? 'and an error was told' : 'and no error was told'}`,
        verdict,
        ...(verdict === 'FAIL' && { usually: isAnswered ? AS_SUCCESS : DROPPED }),
        ...(!isRight && isUnclear && { evidence: [unclearResult(phase.tool)], lasting: true as const }),
      };
    }),
};

const checkOf = ({ fault, tool, endpoint }: FailingNames): string => `ends as without ${fault}: ${tool} in ${endpoint}`;

const AS_SUCCESS =
  'The failure of the tool is caught, and the model gets the result of a successful call. It relies on an effect that is missing.';
const DROPPED =
  'The failure of the tool is dropped: the model is not asked again, and the caller gets an answer as if the tool had acted.';

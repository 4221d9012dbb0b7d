import { count } from '../../base/in-words.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, withEvidence } from '../lib/checker.ts';
import { type BrokenCall, type BrokenPhase, brokenCases, brokenIn, mayAct } from './broken-tool-calls.ts';
import { conversationsIn, whyNoCall } from './conversations.ts';
import { type Effect, effectsIn, marksIn } from './effects.ts';
import { NO_TOOLS, toolsOf } from './promised.ts';
import { resultReader, unclearResult } from './results.ts';

/** Maximum number of calls to list. */
const SHOWN = 5;

/**
 * Checks that a broken call of a tool is not lost in silence: the next request to the model has a result that says so, or
 * asks again, or the caller of the endpoint gets an error.
 */
export const brokenToolCallsTold: BuiltInChecker = {
  name: 'broken-tool-calls-told',
  restsOn: ['steady-state', 'tools-act', 'broken-tool-calls-do-nothing'],
  usually:
    'A call that can’t be read is skipped, or is answered with the result of a successful one. Then the model and the caller believe that the tool has acted.',
  fix: 'Return an error as the result of the call, in the next request to the model, or end the request of the caller with an error.',
  cases: (facts) => brokenCases(facts, checkOf),
  without: NO_TOOLS,
  noWireMutant: 'a proxy can’t change what a model is told',
  judge: (history, facts) => history.phases('broken tool calls').map((phase) => judge(history, facts, phase)),
};

const checkOf = ({ fault, tool, endpoint }: Pick<BrokenPhase, 'fault' | 'tool' | 'endpoint'>): string =>
  `broken calls are told: ${fault}: ${tool} in ${endpoint}`;

function judge(history: History, facts: Facts, phase: BrokenPhase): Finding {
  const { endpoint, upstream, tool } = phase;
  const judged = {
    check: checkOf(phase),
    requests: tagsIn(phase),
    expected: 'the model or the caller is told',
  };
  const { effects } = effectsIn(history, facts, phase, toolsOf(facts, endpoint));
  const all = brokenIn(history, phase);
  const why = whyNoCall(conversationsIn(history, phase), { endpoint, upstream, ...(all.length === 0 && { tool }) });
  if (why !== undefined) return { ...judged, observed: why, verdict: 'INCONCLUSIVE' };
  const idle = all.filter(({ call }) => !hasActed(call.arguments, effects));
  const read = resultReader(history, facts, phase);
  const outcomes = idle.map((call) => ({ call, ...outcomeOf(call, read) }));
  const having = (meaning: Outcome['told']) => outcomes.filter(({ told }) => told === meaning);
  const silent = having('success');
  const unclear = having('unclear');
  // If calls acted that must not, nobody was to be told of them, and nothing was seen.
  const mayAllAct = all.length > 0 && all.every(({ call }) => mayAct(facts, phase, call));
  const isSeen = idle.length === 0 ? mayAllAct : having('failure').length > 0;
  const evidence = [...silent, ...unclear].map(({ call, words }) => `${call.call.flaw}: ${words}`);
  return withEvidence(
    {
      ...judged,
      observed:
        idle.length === 0
          ? `${count(all.length, 'call')} acted although broken`
          : `${count(silent.length, 'broken call')} of ${idle.length} in silence`,
      ...(silent.length > 0 && { usually: silent.some(({ isResult }) => isResult) ? AS_SUCCESS : DROPPED }),
      verdict: silent.length > 0 ? 'FAIL' : unclear.length > 0 || !isSeen ? 'INCONCLUSIVE' : 'PASS',
      ...(silent.length === 0 && unclear.length > 0 && { lasting: true as const }),
    },
    [...new Set(evidence)].slice(0, SHOWN).concat(unclear.length > 0 ? unclearResult(tool) : []),
  );
}

/** Whether a call has acted, although it was broken. */
function hasActed(text: string, effects: readonly Effect[]): boolean {
  const [mark] = marksIn(text);
  return mark !== undefined && effects.some(({ unique }) => unique.includes(mark));
}

interface Outcome {
  /** `nobody` if the loop ended at its limit, where a last result reaches nobody. */
  readonly told: ReturnType<ReturnType<typeof resultReader>> | 'nobody';
  readonly words: string;
  /** Whether it is what a result tells the model. */
  readonly isResult?: true;
}

const AS_SUCCESS = 'A broken call is answered with the result of a successful one.';
const DROPPED =
  'A broken call is dropped: the model is not asked again, and the caller gets an answer as if there had been no call.';

/** Returns who was told of a broken call. */
function outcomeOf({ conversation, turn }: BrokenCall, read: ReturnType<typeof resultReader>): Outcome {
  const { turns, isCallerTold } = conversation;
  const next = turns[turn + 1];
  if (next) {
    const { results } = next.receipt;
    if (results === undefined) return { told: 'failure', words: 'the model was asked again' };
    const meanings = results.map(read);
    return {
      isResult: true,
      told: (['failure', 'unclear'] as const).find((meaning) => meanings.includes(meaning)) ?? 'success',
      words: `the model got "${results
        .map(({ text }) => text)
        .join(' ')
        .slice(0, 120)}"`,
    };
  }
  if (isCallerTold) return { told: 'failure', words: 'the caller got an error' };
  if (turn > 0) return { told: 'nobody', words: 'the loop has ended' };
  return { told: 'success', words: 'the model was not asked again, and the caller got no error' };
}

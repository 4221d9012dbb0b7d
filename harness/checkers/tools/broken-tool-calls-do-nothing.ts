import { count } from '../../base/in-words.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, withEvidence } from '../lib/checker.ts';
import { type BrokenCall, type BrokenPhase, brokenCases, brokenIn, mayAct } from './broken-tool-calls.ts';
import { conversationsIn, madeIn, whyNoCall } from './conversations.ts';
import { countEffects, type Effect, effectsIn, marksIn } from './effects.ts';
import { NO_TOOLS, toolsOf } from './promised.ts';

/** Maximum number of effects to list. */
const SHOWN = 5;

/**
 * Checks that a broken call of a tool has no effect: one that is truncated at any character, that is no JSON object, or
 * that names an unknown tool. A call that comes twice with the same ID, or whose pieces are out of order, acts at most
 * once, with whole arguments.
 */
export const brokenToolCallsDoNothing: BuiltInChecker = {
  name: 'broken-tool-calls-do-nothing',
  restsOn: ['steady-state', 'tools-act'],
  usually:
    'Truncated JSON is repaired and executed, empty arguments count as an empty object, or the reason why the answer ended is not checked.',
  fix: 'Execute a call only if its answer has ended completely (`finish_reason` or `stop_reason`), its arguments are JSON that the schema of the tool accepts, and its ID is new.',
  cases: (facts) => brokenCases(facts, checkOf),
  without: NO_TOOLS,
  judge: (history, facts) => history.phases('broken tool calls').map((phase) => judge(history, facts, phase)),
};

const checkOf = ({ fault, tool, endpoint }: Pick<BrokenPhase, 'fault' | 'tool' | 'endpoint'>): string =>
  `broken calls do nothing: ${fault}: ${tool} in ${endpoint}`;

function judge(history: History, facts: Facts, phase: BrokenPhase): Finding {
  const { endpoint, upstream, tool, fault } = phase;
  const isWhole = mayAct(fault);
  const judged = {
    check: checkOf(phase),
    requests: tagsIn(phase),
    expected: isWhole ? 'at most one effect of each call' : 'no effect',
  };
  const broken = brokenIn(history, phase);
  const { effects, unread } = effectsIn(history, facts, phase, toolsOf(facts, endpoint));
  const conversations = conversationsIn(history, phase);
  const why =
    whyNoCall(conversations, { endpoint, upstream, ...(broken.length === 0 && { tool }) }) ??
    (broken.length === 0 ? 'no call was broken' : undefined) ??
    unread;
  if (why !== undefined) return { ...judged, observed: why, verdict: 'INCONCLUSIVE' };
  const good = madeIn(conversations).filter(({ flaw }) => isWhole || flaw === undefined);
  const allowed = new Set(good.flatMap((call) => marksIn(call.arguments)));
  const wrong = [
    ...effects.filter(({ unique }) => !unique.some((mark) => allowed.has(mark))),
    ...[...allowed].flatMap((mark) => repeated(effects.filter(({ unique }) => unique.includes(mark)))),
  ];
  return withEvidence(
    {
      ...judged,
      observed: `${count(countEffects(effects), 'effect')} of ${count(broken.length, 'broken call')}`,
      verdict: wrong.length === 0 ? 'PASS' : 'FAIL',
    },
    wrong.slice(0, SHOWN).map((effect) => `${effect.words}${causeOf(effect, broken)}`),
  );
}

/** Returns the effects after the first one, if there are several. */
const repeated = (effects: readonly Effect[]): readonly Effect[] => (countEffects(effects) > 1 ? effects.slice(1) : []);

/** Says after which broken call an effect came. */
function causeOf({ at }: Effect, broken: readonly BrokenCall[]): string {
  const flaws = [...new Set(broken.map(({ call }) => call.flaw))];
  const cause = at === undefined ? undefined : broken.findLast((call) => call.at <= at)?.call.flaw;
  const flaw = cause ?? (flaws.length === 1 ? flaws[0] : undefined);
  return flaw === undefined ? '' : ` after a call with this flaw: ${flaw}`;
}

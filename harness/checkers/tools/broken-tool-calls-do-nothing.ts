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
 * Checks that a broken call of a tool has no effect: one that is truncated at any character, that is no JSON object, whose
 * pieces come in a wrong order, or that names an unknown tool. A call that comes twice with the same ID, or whose
 * beginning comes after its arguments in a stream, acts at most once, with whole arguments. With `outOfOrder: refused`,
 * the latter has no effect.
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
  const { endpoint, upstream, tool } = phase;
  const broken = brokenIn(history, phase);
  const isWhole = broken.length > 0 && broken.every(({ call }) => mayAct(facts, phase, call));
  const judged = {
    check: checkOf(phase),
    requests: tagsIn(phase),
    expected: isWhole ? 'at most one effect of each call' : 'no effect',
  };
  const { effects, unread } = effectsIn(history, facts, phase, toolsOf(facts, endpoint));
  const conversations = conversationsIn(history, phase);
  const why =
    whyNoCall(conversations, { endpoint, upstream, ...(broken.length === 0 && { tool }) }) ??
    (broken.length === 0 ? 'no call was broken' : undefined) ??
    unread;
  if (why !== undefined) return { ...judged, observed: why, verdict: 'INCONCLUSIVE' };
  const good = madeIn(conversations).filter((call) => call.flaw === undefined || mayAct(facts, phase, call));
  const allowed = new Set(good.flatMap((call) => marksIn(call.arguments)));
  const wrong = [
    ...effects.filter(({ unique }) => !unique.some((mark) => allowed.has(mark))),
    ...[...allowed].flatMap((mark) => repeated(effects.filter(({ unique }) => unique.includes(mark)))),
  ];
  const acted = wrong.map((effect) => ({ effect, calls: callsBefore(effect, broken) }));
  const usually =
    wrong.length === 0
      ? undefined
      : causeOf(
          phase,
          acted.flatMap(({ calls }) => calls),
        );
  return withEvidence(
    {
      ...judged,
      observed: `${count(countEffects(effects), 'effect')} of ${count(broken.length, 'broken call')}`,
      verdict: wrong.length === 0 ? 'PASS' : 'FAIL',
      ...(usually !== undefined && { usually }),
    },
    acted.slice(0, SHOWN).map(({ effect, calls }) => `${effect.words}${flawOf(calls)}`),
  );
}

/** Returns the effects after the first one, if there are several. */
const repeated = (effects: readonly Effect[]): readonly Effect[] => (countEffects(effects) > 1 ? effects.slice(1) : []);

/** Returns the broken call after which an effect came, or all of them if its time is unknown. */
function callsBefore({ at }: Effect, broken: readonly BrokenCall[]): readonly BrokenCall[] {
  const last = at === undefined ? undefined : broken.findLast((call) => call.at <= at);
  return last ? [last] : broken;
}

const flawsOf = (calls: readonly BrokenCall[]): string[] => [...new Set(calls.map(({ call }) => call.flaw))];

/** Says after which flaw an effect came, if it is certain. */
function flawOf(calls: readonly BrokenCall[]): string {
  const [flaw, ...others] = flawsOf(calls);
  return flaw === undefined || others.length > 0 ? '' : ` after a call with this flaw: ${flaw}`;
}

const EMPTY = 'Empty arguments count as an empty object.';
const REPAIRED = 'Truncated arguments are repaired and executed.';

/** The likely causes if a broken call acts, by how it is broken. */
const CAUSES: Readonly<Record<string, (calls: readonly BrokenCall[], tool: string) => string>> = {
  'cut at the limit': () =>
    'Truncated arguments are repaired and executed, although the answer says that it ended at its limit.',
  'cut, ended as usual': () => REPAIRED,
  // Only a stream can end with its connection.
  'cut with the connection': (calls) =>
    calls.every(({ isCutOff }) => isCutOff)
      ? 'A call is executed although the connection of its stream broke off: what has arrived is repaired.'
      : REPAIRED,
  malformed: (calls) => `Malformed arguments are repaired and executed: ${flawsOf(calls).join(', ')}.`,
  'unknown tool': (calls, tool) =>
    calls.every(({ call: { name } }) => name.startsWith(tool) || tool.startsWith(name))
      ? 'A call of an unknown tool runs the one with the most similar name.'
      : 'Calls are executed whatever tool they name.',
  doubled: () => 'A call that comes twice runs twice: nothing remembers which calls were executed, by ID or arguments.',
  'out of order': () => 'A call is put together and executed although its pieces came in a wrong order.',
};

function causeOf({ fault, tool }: BrokenPhase, calls: readonly BrokenCall[]): string | undefined {
  return calls.every(({ call }) => call.arguments === '') ? EMPTY : CAUSES[fault]?.(calls, tool);
}

import { count } from '../../base/in-words.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned, withEvidence } from '../lib/checker.ts';
import { type Conversation, conversationsIn, madeIn, whyNoCall } from './conversations.ts';
import { attemptsOf, countEffects, type Effect, effectsIn, marksIn } from './effects.ts';
import { NO_TOOLS, toolOf, toolsOf } from './promised.ts';

/**
 * Checks that a tool acts exactly once for each good call of a model, with the arguments of this call, while nothing is
 * broken.
 */
export const toolsAct: BuiltInChecker = {
  name: 'tools-act',
  restsOn: ['steady-state'],
  usually:
    'The tool is executed twice, for example while the answer streams in and again from the whole answer, or not at all. Or `tools` in the contract names another effect.',
  fix: 'Execute the calls of an answer in one place, after the whole answer has arrived, and remember the IDs of those that were executed.',
  cases: (facts) =>
    planned(facts, 'tools act')?.flatMap(({ endpoint }) =>
      toolsOf(facts, endpoint).map((tool) => ({
        check: checkOf(tool, endpoint),
        promises: [
          ['tools', tool],
          ['endpoints', endpoint, 'tools'],
        ],
      })),
    ),
  without: NO_TOOLS,
  judge: (history, facts) =>
    history
      .phases('tools act')
      .flatMap((phase) => toolsOf(facts, phase.endpoint).map((tool) => judge(history, facts, { phase, tool }))),
};

const checkOf = (tool: string, endpoint: string): string => `acts once for each call: ${tool} in ${endpoint}`;

interface Judged {
  readonly phase: PhaseEntry & { readonly endpoint: string; readonly upstream: string };
  readonly tool: string;
}

function judge(history: History, facts: Facts, { phase, tool }: Judged): Finding {
  const { endpoint, upstream } = phase;
  const judged = {
    check: checkOf(tool, endpoint),
    requests: tagsIn(phase),
    expected: 'one effect of each call',
  };
  const conversations = conversationsIn(history, phase);
  const { effects, unread } = effectsIn(history, facts, phase, [tool]);
  const why = whyNoCall(conversations, { tool, endpoint, upstream }) ?? unread;
  if (why !== undefined) return { ...judged, observed: why, verdict: 'INCONCLUSIVE' };
  const marks = madeIn(conversations).flatMap((call) => (call.name === tool ? marksIn(call.arguments) : []));
  const ofCalls = marks.map((mark) => effects.filter(({ unique }) => unique.includes(mark)));
  const counted = ofCalls.map(countEffects);
  const others = effects.filter(({ unique }) => !marks.some((mark) => unique.includes(mark)));
  const evidence = [
    ...new Set([
      ...others.map(({ words }) => `${words} without the arguments of a call`),
      ...counted.filter((effectsOfCall) => effectsOfCall > 1).map((n) => `a single call had ${n} effects`),
      ...(effects.length === 0 ? whyNoEffect(history, facts, { phase, tool }) : []),
    ]),
  ];
  const isRight = counted.every((n) => n === 1) && others.length === 0;
  return withEvidence(
    {
      ...judged,
      observed: `${count(countEffects(effects), 'effect')} of ${count(marks.length, 'call')}`,
      verdict: isRight ? 'PASS' : 'FAIL',
      ...(!isRight && { usually: causeOf({ ofCalls, others, conversations }) }),
    },
    evidence,
  );
}

interface Acted {
  /** The effects of each call. */
  readonly ofCalls: readonly (readonly Effect[])[];
  /** The effects of no call. */
  readonly others: readonly Effect[];
  readonly conversations: readonly Conversation[];
}

const NOT_AT_ALL = 'The tool is not executed, or `tools` in the contract names another effect.';
const NOT_ALL = 'Some calls are not executed.';
const OTHER_ARGUMENTS = 'The tool acts with other arguments than those of its call.';
const TWICE =
  'Each call is executed twice before the model gets its result, for example while the answer streams in and again from the whole answer.';
const AGAIN =
  'Calls are executed again after a later answer of the model: those that were executed are not removed from the list.';

function causeOf({ ofCalls, others, conversations }: Acted): string {
  const several = ofCalls.filter((effects) => countEffects(effects) > 1);
  if (several.length > 0) return several.some((effects) => isAskedBetween(effects, conversations)) ? AGAIN : TWICE;
  if (others.length > 0) return OTHER_ARGUMENTS;
  return ofCalls.every((effects) => effects.length === 0) ? NOT_AT_ALL : NOT_ALL;
}

/** Whether the model was asked between the first and the last effect of a call. */
function isAskedBetween(effects: readonly Effect[], conversations: readonly Conversation[]): boolean {
  const times = effects.flatMap(({ at }) => at ?? []);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return conversations.some(({ turns }) => turns.some(({ receipt }) => receipt.at > first && receipt.at < last));
}

/** Says what the upstream of a tool got instead of the effect. */
function whyNoEffect(history: History, facts: Facts, { phase, tool }: Judged): string[] {
  const described = toolOf(facts, tool);
  const { upstream, table, effect = '' } = described;
  if (upstream === undefined) return [`${table} got no row`];
  const attempts = attemptsOf(history, phase, described);
  if (attempts.length > 0) return attempts.map(({ route, status }) => `${upstream} answered ${route} with ${status}`);
  const routes = [...new Set(history.receiptsIn(phase, upstream).map(({ route }) => route))];
  return [`${upstream} got ${routes.join(', ') || 'no request'}, not ${effect}`];
}

import { count } from '../../base/in-words.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned, withEvidence } from '../lib/checker.ts';
import { conversationsIn, madeIn, whyNoCall } from './conversations.ts';
import { countEffects, effectsIn, marksIn } from './effects.ts';
import { NO_TOOLS, toolsOf } from './promised.ts';
import { meaningsIn, resultReader } from './results.ts';

const ACTIONS = ['parallel tool calls', 'tool calls crossed'] as const;
type Action = (typeof ACTIONS)[number];

/**
 * Checks that the arguments of several calls in an answer of a model don't mix: each call acts once, with its own
 * arguments. In a stream, the pieces of the calls also come in turn. A service may refuse such a stream.
 */
export const parallelToolCallsApart: BuiltInChecker = {
  name: 'parallel-tool-calls-apart',
  restsOn: ['steady-state', 'tools-act'],
  usually:
    'Pieces of a stream are added to the last call instead of the one that their index names, or concurrent calls share a variable.',
  fix: 'Collect the arguments of a stream by the index of their call, and give each execution its own copy.',
  cases: (facts) =>
    planned(facts, ...ACTIONS)?.map(({ action, endpoint }) => ({
      check: checkOf(action, endpoint),
      promises: [['endpoints', endpoint, 'tools']],
    })),
  without: NO_TOOLS,
  judge: (history, facts) =>
    ACTIONS.flatMap((action) => history.phases(action).map((phase) => judge(history, facts, phase))),
};

const checkOf = (action: Action, endpoint: string): string =>
  `keeps parallel calls apart${action === 'tool calls crossed' ? ', in pieces by turns' : ''}: ${endpoint}`;

function judge(history: History, facts: Facts, phase: ReturnType<typeof history.phases<Action>>[number]): Finding {
  const { action, endpoint, upstream } = phase;
  const tools = toolsOf(facts, endpoint);
  const judged = {
    check: checkOf(action, endpoint),
    requests: tagsIn(phase),
    expected: 'one effect of each call, with its own arguments',
  };
  const conversations = conversationsIn(history, phase);
  const { effects, unread } = effectsIn(history, facts, phase, tools);
  const several = conversations.filter(({ turns }) => turns.some(({ calls }) => calls.length > 1));
  const why =
    whyNoCall(conversations, { endpoint, upstream }) ??
    unread ??
    (several.length === 0 ? `${endpoint} allows a single call in an answer (parallel_tool_calls)` : undefined);
  if (why !== undefined) return { ...judged, observed: why, verdict: 'INCONCLUSIVE' };
  const calls = [...new Set(madeIn(conversations).flatMap((call) => marksIn(call.arguments)))];
  const readers = tools.map((tool) => resultReader(history, facts, { endpoint, tool }));
  const isRefused = conversations.every(
    (conversation) =>
      conversation.isCallerTold === true || readers.some((read) => meaningsIn(conversation, read).has('failure')),
  );
  const mixed = effects.filter(({ unique }) => calls.filter((mark) => unique.includes(mark)).length > 1);
  const strange = effects.filter(({ unique }) => !calls.some((mark) => unique.includes(mark)));
  const counted = calls.map((mark) => countEffects(effects.filter(({ unique }) => unique.includes(mark))));
  const lost = counted.filter((n) => n === 0).length;
  const repeated = counted.filter((n) => n > 1).length;
  const mayLose = action === 'tool calls crossed' && isRefused;
  const isWrong = mixed.length + strange.length + repeated > 0 || (lost > 0 && !mayLose);
  return withEvidence(
    {
      ...judged,
      observed: `${count(countEffects(effects), 'effect')} of ${count(calls.length, 'call')}`,
      verdict: isWrong ? 'FAIL' : 'PASS',
      ...(isWrong && { usually: causeOf({ mixed: mixed.length, strange: strange.length, lost, repeated }) }),
    },
    [
      ...mixed.map(({ words }) => `${words} with arguments of several calls`),
      ...strange.map(({ words }) => `${words} without the arguments of a call`),
      ...(lost > 0 ? [`${count(lost, 'call')} had no effect${mayLose ? ', and this was told' : ''}`] : []),
      ...(repeated > 0 ? [`${count(repeated, 'call')} had several effects`] : []),
    ],
  );
}

const MIXED =
  'Pieces of a stream are added to the last call instead of the one that their index names, so that the arguments of several calls become one.';
const SHARED = 'Concurrent calls share a variable: the arguments of one call are used for several of them.';
const TWICE = 'Each call of an answer is executed several times.';
const SOME = 'Only some calls of an answer are executed, such as the first one.';
const STRANGE = 'Tools act with arguments of no call.';

/** Returns the likely cause from how many effects and calls were wrong in which way. */
function causeOf(wrong: Readonly<Record<'mixed' | 'strange' | 'lost' | 'repeated', number>>): string {
  if (wrong.mixed > 0) return MIXED;
  if (wrong.repeated > 0) return wrong.lost > 0 ? SHARED : TWICE;
  return wrong.strange > 0 ? STRANGE : SOME;
}

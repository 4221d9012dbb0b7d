import { count } from '../../base/in-words.ts';
import type { ActionPhase } from '../../contract/phases.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { answeredBy } from '../../contract/schema/answers.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { overlap } from '../lib/request-times.ts';
import { type Got, gotIn, receiptsAt } from './got.ts';
import { promisedOf } from './seen.ts';

/**
 * Checks that each caller gets its own answer, although others send the same question at the same time. The text
 * of the question can't say whose answer it is, so an answer must not reach two callers. If callers differ only in their
 * addresses, a second one asks after the first, and its call must reach an upstream.
 */
export const sameQuestionApart: BuiltInChecker = {
  name: 'same-question-apart',
  restsOn: ['steady-state', 'own-answers'],
  usually:
    'Calls with the same question are merged or cached, and the key lacks the caller, or callers share a variable that holds the answer.',
  fix: 'Make the caller part of the key by which calls are merged or answers are kept. If all callers may share answers, promise `answers: { cache: { perCaller: false, seconds: … } }`.',
  cases: (facts) =>
    planned(facts, 'same question')
      ?.filter(({ endpoint }) => isJudged(facts, endpoint) && isPromised(facts, endpoint))
      .map(({ endpoint }) => ({ check: checkOf(endpoint), promises: promisesOf(facts, endpoint) })),
  without: 'no endpoint with `answers.as` has callers that differ in more than their question',
  judge: (history, facts) =>
    history
      .phases('same question')
      .filter(({ endpoint }) => isJudged(facts, endpoint))
      .flatMap((phase) => judge(history, facts, phase)),
};

const promisesOf = (facts: Facts, endpoint: string): PromisePath[] => {
  const { cache } = promisedOf(facts, endpoint) ?? {};
  const answers = ['endpoints', endpoint, 'answers'];
  return [[...answers, 'as'], ...(cache ? [[...answers, 'cache', 'perCaller']] : [])];
};

const checkOf = (endpoint: string): string => `same question, own answers: ${endpoint}`;

/** Whether an endpoint must not give the same answer to several callers. */
function isJudged(facts: Facts, endpoint: string): boolean {
  const { as, cache } = promisedOf(facts, endpoint) ?? {};
  return as !== 'none' && as !== 'digest' && cache?.perCaller !== false;
}

const isPromised = (facts: Facts, endpoint: string): boolean => promisedOf(facts, endpoint)?.as !== undefined;

type Phase = PhaseEntry<ActionPhase<'same question'>>;

/** Judges a question that two addresses asked, one after the other. The second call got this status. */
function judgeAddresses(history: History, facts: Facts, phase: Phase, status: number): Finding {
  const described = facts.contract.endpoints[phase.endpoint];
  const [first] = history.sentIn(phase, { about: 'first' });
  const receipts = (described ? answeredBy(described) : []).flatMap((upstream) => history.receiptsIn(phase, upstream));
  const later = receipts.filter(({ at }) => first !== undefined && at > first.at + first.ms).length;
  const isServed = first !== undefined && [first.status, status].every((got) => described?.served.includes(got));
  const isShown = isServed && receipts.length > later;
  return {
    check: checkOf(phase.endpoint),
    requests: tagsIn(phase),
    expected: 'a caller with another address gets its own answer',
    observed: isShown
      ? `${count(later, 'request')} reached an upstream after the first caller had its answer`
      : `the callers got ${first?.status ?? 'no answer'} and ${status}; ${count(receipts.length, 'request')} reached an upstream`,
    verdict: isShown ? (later > 0 ? 'PASS' : 'FAIL') : 'INCONCLUSIVE',
  };
}

function judge(history: History, facts: Facts, phase: Phase): Finding[] {
  const { endpoint } = phase;
  const [fromLab] = history.metricIn('calls_from_the_lab', phase);
  if (fromLab) return [judgeAddresses(history, facts, phase, fromLab.value)];
  const calls = history.requestsIn(phase, { endpoint });
  const got = gotIn(history).filter(({ call, parts }) => calls.includes(call) && parts.some(hasWords));
  const callers = new Set(got.map(callerOf));
  if (callers.size === 0 && !isPromised(facts, endpoint)) return [];
  const shared = [...Map.groupBy(got.flatMap(answersIn), ({ seq }) => seq)].flatMap(([seq, of]) => {
    const names = [...new Set(of.map(({ caller }) => caller))];
    return names.length < 2 ? [] : [`the answer of receipt ${seq} reached the callers ${names.join(' and ')}`];
  });
  // Calls are merged only while one of them is in progress.
  const isAtOnce = got.some((a) => got.some((b) => callerOf(a) !== callerOf(b) && overlap(a.call, b.call)));
  const apart = `${count(got.length, 'answer')} to ${count(callers.size, 'caller')}, none of them to two`;
  return [
    {
      check: checkOf(endpoint),
      requests: tagsIn(phase),
      expected: 'each caller gets its own answer',
      observed:
        shared[0] ?? (isAtOnce || callers.size < 2 ? apart : `${apart}, but no two calls were in progress at once`),
      verdict: shared.length > 0 ? 'FAIL' : isAtOnce ? 'PASS' : 'INCONCLUSIVE',
      ...(shared.length > 1 && { evidence: shared.slice(1) }),
    },
  ];
}

const hasWords = ({ words }: Got['parts'][number]): boolean => words.length > 0;
const callerOf = ({ call }: Got): string => call.tags.caller ?? '';
const answersIn = (got: Got) => got.parts.flatMap(receiptsAt).map(({ seq }) => ({ seq, caller: callerOf(got) }));

import type { ActionPhase } from '../../contract/phases.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { answeredBy } from '../../contract/schema/answers.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, planned } from '../lib/checker.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';
import { promisedOf } from './seen.ts';

type Action = 'cached answers' | 'cached for another';
type Phase = PhaseEntry<ActionPhase<Action>>;
type Cache = NonNullable<NonNullable<ReturnType<typeof promisedOf>>['cache']>;

/** The longest time that `chaos/answers` waits for the end of an entry, in seconds: see scenarios/lib/cached-answers.ts. */
export const LONGEST_WAIT = 3;
const APART_CHECK = 'no answer of another caller from the cache';
const apartCheck = (endpoint: string): string => `${APART_CHECK}: ${endpoint}`;
const APART = 'another caller with the same question gets its own answer';
const NO_CACHE = 'no endpoint may answer from a cache (endpoints.NAME.answers.cache)';

/** A call of the phase, and the requests to upstreams that arrived meanwhile. No other call was in progress. */
interface Tried {
  readonly call: RequestSample;
  readonly receipts: readonly RequestReceipt[];
}

/**
 * Checks that another caller with the same question gets no answer from the cache, if each caller has its own. Without
 * anything in the request that tells callers apart, it is INCONCLUSIVE.
 */
const ofOthers = ofCache({
  name: 'cached-answers-apart',
  usually: 'The key of the cache lacks the caller: it consists of the question only.',
  fix: 'Make the caller (its tenant, user or key) part of the key of the cache.',
  check: APART_CHECK,
  promise: 'perCaller',
  action: 'cached for another',
  when: ({ perCaller }) => perCaller,
  expected: APART,
  judge: (history, facts, phase) =>
    judgeFresh(facts, callsIn(history, facts, phase, 'of another caller'), 'the answer'),
});

/**
 * Returns the caches of which each caller has its own, while the script can't tell callers of their endpoint apart. If
 * their addresses do, `same-question-apart` judges them.
 */
const untold = (facts: Facts): string[] | undefined => {
  const apart = (['cached for another', 'same question'] as const).flatMap((action) =>
    (planned(facts, action) ?? []).map(({ endpoint }) => endpoint),
  );
  return planned(facts, 'cached answers')
    ?.map(({ endpoint }) => endpoint)
    .filter((endpoint) => promisedOf(facts, endpoint)?.cache?.perCaller && !apart.includes(endpoint));
};

/** The same, with the caches of which it can't be judged. */
export const cachedAnswersApart: BuiltInChecker = {
  ...ofOthers,
  cases: (facts) => {
    const others = untold(facts)?.map((endpoint) => ({
      check: apartCheck(endpoint),
      promises: [promisePath(endpoint, 'perCaller')],
    }));
    return others && [...(ofOthers.cases?.(facts) ?? []), ...others];
  },
  judge: (history, facts) => [
    ...ofOthers.judge(history, facts),
    ...(untold(facts) ?? []).map(
      (endpoint): Finding => ({
        check: apartCheck(endpoint),
        expected: APART,
        observed: 'nothing in the request tells callers apart',
        verdict: 'INCONCLUSIVE',
        lasting: true,
        usually: `Write \`\${client}\` into the part of the request by which the service knows its caller, such as a header, or describe \`client\` or \`authentication\`. If any caller may get the answer, write \`endpoints.${endpoint}.answers.cache.perCaller: false\`.`,
      }),
    ),
  ],
};

/** Checks that the same question is answered after a failure, and that an answer that broke off is not sent again. */
export const failuresNotCached = ofCache({
  name: 'failures-not-cached',
  usually: 'The cache keeps every response, also an error, or what had arrived of a stream until it broke off.',
  fix: 'Put an answer into the cache only after it has arrived completely and successfully.',
  check: 'no failure from the cache',
  promise: 'seconds',
  expected: 'the same question is answered anew after a failure',
  judge(history, facts, phase) {
    for (const about of ['failure', 'cut']) {
      const [failed] = callsIn(history, facts, phase, about);
      if (!failed && about === 'cut') continue;
      if (!failed || failed.receipts.length === 0) return unknown(`no call with a ${about} reached an upstream`);
      if (hasFullAnswer(history, facts, phase, failed)) return unknown(`the call with a ${about} was served`);
      const [last] = callsIn(history, facts, phase, `after ${about}`).slice(-1);
      if (!last) return unknown(`no call was made after a ${about}`);
      const isFull = hasFullAnswer(history, facts, phase, last);
      const got = `after a ${about}: ${last.call.status}${isFull ? '' : ', no full answer,'}`;
      if (last.receipts.length === 0) return { verdict: 'FAIL', observed: `${got} from the cache` };
      if (!isFull) return unknown(`${got} although its upstream was called`);
    }
    return { verdict: 'PASS', observed: 'answered by its upstream' };
  },
});

/** Checks that an answer is not used after the time for which the cache may keep it. */
export const cachedAnswersEnd = ofCache({
  name: 'cached-answers-end',
  usually: 'The entries have no time, or another unit of time, or each use prolongs it.',
  fix: 'Store with each entry when it was made, and compare that time when the entry is used.',
  check: 'no answer from the cache after its time',
  promise: 'seconds',
  when: ({ seconds }) => seconds <= LONGEST_WAIT,
  expected: 'the same question is answered anew after the time of the cache',
  judge(history, facts, phase) {
    const [again] = callsIn(history, facts, phase, 'again');
    if (again && again.receipts.length > 0) return unknown('no answer came from the cache before');
    return judgeFresh(facts, callsIn(history, facts, phase, 'expired'), 'an old answer');
  },
});

type Judgement = Pick<Finding, 'verdict' | 'observed'>;
const unknown = (observed: string): Judgement => ({ verdict: 'INCONCLUSIVE', observed });

/** Judges whether a call was answered by its upstream. */
function judgeFresh(facts: Facts, [tried]: readonly Tried[], what: string): Judgement {
  if (!tried) return unknown('no such call was made');
  const { call, receipts } = tried;
  if (!isServed(facts, call)) return unknown(`the call got ${call.status}`);
  if (receipts.length === 0) return { verdict: 'FAIL', observed: `the caller got ${what} from the cache` };
  return { verdict: 'PASS', observed: 'answered by its upstream' };
}

interface OfCache extends Pick<BuiltInChecker, 'name' | 'usually' | 'fix'> {
  readonly promise: keyof Cache;
  /** The phases that it judges. Defaults to those in which one caller repeats its questions. */
  readonly action?: Action;
  readonly expected: string;
  /** The name of the check, without the endpoint. */
  readonly check: string;
  /** Whether it judges this cache. Defaults to all. */
  when?(cache: Cache): boolean;
  judge(history: History, facts: Facts, phase: Phase): Judgement;
}

function ofCache({
  promise,
  action = 'cached answers',
  expected,
  check,
  when,
  judge,
  ...checker
}: OfCache): BuiltInChecker {
  const isJudged = (facts: Facts, endpoint: string): boolean => {
    const { cache } = promisedOf(facts, endpoint) ?? {};
    return cache !== undefined && (when?.(cache) ?? true);
  };
  return {
    ...checker,
    restsOn: ['steady-state'],
    cases: (facts) =>
      planned(facts, action)
        ?.filter(({ endpoint }) => isJudged(facts, endpoint))
        .map(({ endpoint }) => ({ check: `${check}: ${endpoint}`, promises: [promisePath(endpoint, promise)] })),
    without: NO_CACHE,
    judge: (history, facts) =>
      history
        .phases(action)
        .filter(({ endpoint }) => isJudged(facts, endpoint))
        .map((phase) => ({
          check: `${check}: ${phase.endpoint}`,
          requests: tagsIn(phase),
          expected,
          ...judge(history, facts, phase),
        })),
  };
}

const promisePath = (endpoint: string, field: string): PromisePath => [
  'endpoints',
  endpoint,
  'answers',
  'cache',
  field,
];

/** Returns the calls of a phase with this purpose, each with the requests to upstreams that arrived meanwhile. */
function callsIn(history: History, { contract }: Facts, phase: Phase, about: string): Tried[] {
  const described = contract.endpoints[phase.endpoint];
  const upstreams = described ? answeredBy(described) : [];
  const receipts = upstreams.flatMap((upstream) => history.receipts('request', upstream));
  return history.sentIn(phase, { about }).map((call) => ({
    call,
    receipts: receipts.filter(({ at }) => at >= call.at - CLOCKS_MS && at <= call.at + call.ms + CLOCKS_MS),
  }));
}

/** Whether a call was served. A stream must have ended as complete ones do. */
function hasFullAnswer(history: History, facts: Facts, phase: Phase, { call }: Tried): boolean {
  if (!isServed(facts, call)) return false;
  const isStreamed = facts.contract.endpoints[phase.endpoint]?.stream !== undefined;
  const { about = '' } = call.tags;
  return !isStreamed || history.metricIn('complete_streams', phase, { about }).length > 0;
}

import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { promiseOf, whenItOpens } from '../lib/breaker-promises.ts';
import {
  type Breaker,
  type BuiltInChecker,
  type Case,
  type Facts,
  howManyReached,
  isServed,
  planned,
  tally,
  withEvidence,
} from '../lib/checker.ts';
import { countedUntil, trialFrom } from '../lib/opened-at.ts';
import { ifPrimed } from '../lib/primed.ts';
import { lastAnswered, lastSent } from '../lib/request-times.ts';
import {
  type FallbackOutage,
  fallbackOutages,
  firstBreaker,
  orderOf,
  placeOf,
  plannedWithBreaker,
} from './fallback-calls.ts';

/**
 * Checks that during a long outage of the first upstream, the next one serves every call: its breaker, if it has one,
 * doesn't count the failures of the first. If the contract describes the breaker of the first upstream, it must open at
 * its threshold, although callers see no failure. The first upstream then gets no call, and only trials later.
 */
export const fallbackBreakersApart: BuiltInChecker = {
  name: 'fallback-breakers-apart',
  restsOn: ['steady-state', 'falls-back'],
  usually:
    'Both upstreams share a breaker, the breaker wraps the whole fallback and sees no failure, or the fallback bypasses it.',
  fix: 'Put a breaker around each call inside the fallback, not one around the whole fallback.',
  cases(facts) {
    const [outages, opened] = [planned(facts, 'fallback outage'), plannedWithBreaker(facts, 'fallback open')];
    return outages?.flatMap(({ endpoint }) => [
      { check: servedCheck(endpoint), promises: [placeOf(facts, endpoint, 'order')] },
      ...(opened ?? []).filter((outage) => outage.endpoint === endpoint).flatMap(casesOf),
    ]);
  },
  without:
    'no fallback lists a failure of its first upstream that fails a call immediately (endpoints.NAME.fallback.on)',
  judge: (history, facts) =>
    fallbackOutages(history).flatMap((outage) => {
      const breaker = outage.open.length > 0 ? firstBreaker(facts, outage.phase.endpoint) : undefined;
      return [
        servedByNext(history, facts, outage),
        ...(breaker ? [opens(history, facts, outage, breaker), ...trials(history, outage, breaker)] : []),
      ];
    }),
};

function casesOf({ endpoint, breaker }: { endpoint: string; breaker: Breaker }): Case[] {
  return [
    { check: opensCheck(breaker, endpoint), promises: [whenItOpens(breaker)] },
    ...(breaker.trying.most === undefined
      ? []
      : [{ check: trialsCheck(breaker, endpoint), promises: [promiseOf(breaker, 'trials')] }]),
  ];
}

const servedCheck = (endpoint: string): string => `served during an outage of the first upstream: ${endpoint}`;
const opensCheck = ({ name }: Breaker, endpoint: string): string => `opens behind the fallback: ${name}, ${endpoint}`;
const trialsCheck = ({ name }: Breaker, endpoint: string): string =>
  `admits its trials behind the fallback: ${name}, ${endpoint}`;

function servedByNext(history: History, facts: Facts, { phase, open, halfOpen }: FallbackOutage): Finding {
  const { endpoint } = phase;
  const [, next = ''] = orderOf(facts, endpoint);
  const phases = [phase, ...open, ...halfOpen];
  const calls = history.requestsIn(phases, { about: 'failing' });
  const arrived = history.receiptsIn(phases, next).length;
  const isBad = calls.some((call) => !isServed(facts, call));
  return {
    check: servedCheck(endpoint),
    requests: tagsIn(phases),
    expected: `every call is served by ${next}`,
    observed: `${tally(calls.map(answerOf))}; ${howManyReached(arrived, calls.length)}`,
    verdict: calls.length === 0 ? 'INCONCLUSIVE' : isBad || arrived < calls.length ? 'FAIL' : 'PASS',
    ...whyRefused(history, facts, calls, { phase, open, halfOpen }),
  };
}

/**
 * Names the cause if all calls that are not served are refusals of the first breaker, once it is open. While it is open,
 * no call reaches an upstream. When it is half-open, its trial does.
 */
function whyRefused(
  history: History,
  facts: Facts,
  calls: readonly RequestSample[],
  { phase, open, halfOpen }: FallbackOutage,
): Pick<Finding, 'usually'> {
  const order = orderOf(facts, phase.endpoint);
  const breaker = firstBreaker(facts, phase.endpoint);
  const failed = calls.filter((call) => !isServed(facts, call));
  const later = new Set(history.requestsIn([...open, ...halfOpen]));
  const isRefused =
    failed.every((call) => call.status === breaker?.refusal && later.has(call)) &&
    order.every((name) => history.receiptsIn(open, name).length === 0);
  if (failed.length === 0 || failed.length === calls.length || !isRefused) return {};
  return {
    usually: `The fallback does not handle the refusal of an open breaker: once ${breaker?.name} is open, calls are refused, and ${order[1]} is not called.`,
  };
}

function opens(history: History, facts: Facts, { phase, open }: FallbackOutage, breaker: Breaker): Finding {
  const { upstream, opening } = breaker;
  const [calls, later] = [history.sentIn(phase), history.sentIn(open)];
  const [reached, leaked] = [history.receiptsIn(phase, upstream), history.receiptsIn(open, upstream)];
  const opened = lastSent(calls);
  const until = trialFrom(history, facts, breaker, opened);
  const inTime = leaked.filter(({ at }) => at < until).length;
  const isRepeated = promisedCallsOf(facts.contract, upstream).attempts > 1;
  const isEarly = !isRepeated && reached.length < calls.length;
  const isEnough = calls.length === opening.failures && later.length > 0 && lastAnswered(later) < until;
  const finding: Finding = {
    check: opensCheck(breaker, phase.endpoint),
    requests: tagsIn([phase, ...open]),
    expected: `${count(opening.failures, 'failure')} reach ${upstream}, and no call after them`,
    observed: `${howManyReached(reached.length, calls.length)}; afterwards, ${howManyReached(inTime, later.length)}`,
    verdict: isEarly || inTime > 0 ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
  };
  const isLate = inTime < leaked.length || lastAnswered(later) >= until;
  const evidence = isLate ? countedUntil(history, facts, breaker, opened) : [];
  return ifPrimed(history, breaker, withEvidence(finding, evidence), { phase });
}

/** Judges how many simultaneous calls reach the upstream while the breaker is half-open. */
function trials(history: History, { phase, halfOpen }: FallbackOutage, breaker: Breaker): Finding[] {
  const { upstream, trying } = breaker;
  const { most } = trying;
  if (most === undefined) return [];
  const calls = history.sentIn(halfOpen);
  const reached = history.receiptsIn(halfOpen, upstream).length;
  const isEnough = calls.length > most && reached > 0;
  return [
    {
      check: trialsCheck(breaker, phase.endpoint),
      requests: tagsIn(halfOpen),
      expected: `at most ${most} of many simultaneous calls reach ${upstream}`,
      observed: howManyReached(reached, calls.length),
      verdict: reached > most ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
    },
  ];
}

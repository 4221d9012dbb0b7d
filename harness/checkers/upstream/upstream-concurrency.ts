import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import { type BuiltInChecker, type Case, type Facts, planned, tally } from '../lib/checker.ts';
import { eachEntry } from '../lib/each-entry.ts';
import { asTime, noiseOf } from '../lib/noise.ts';
import { firstSent, lastSent } from '../lib/request-times.ts';
import { mostAtOnce, OVERLAP_MS } from './at-once.ts';

/** Noise above which calls may not have arrived in time, in milliseconds. The script waits 3 s for them. */
const SLOW_MS = 1_500;

const WITHOUT = 'no upstream has a promised number of concurrent calls (upstreams.NAME.concurrency)';

/** Returns the name of a crowd of simultaneous callers. */
const crowdOf = ({ action, upstream }: { action: 'crowd' | 'crowd of streams'; upstream: string }): string =>
  action === 'crowd' ? upstream : `${upstream}, streams`;

/** Returns a case for each planned crowd. */
const casesOf = (facts: Facts, checkOf: (crowd: string) => string): Case[] | undefined =>
  planned(facts, 'crowd', 'crowd of streams')?.map((phase) => ({
    check: checkOf(crowdOf(phase)),
    promises: [['upstreams', phase.upstream, 'concurrency']],
  }));

/**
 * Checks that never more calls than the contract promises are in progress at an upstream at the same time. The upstream
 * holds all calls of the phase, and there are more callers than calls that it may get. It holds streams after their
 * first event, because a slot must be held until the stream has ended.
 */
export const upstreamConcurrency: BuiltInChecker = {
  name: 'upstream-concurrency',
  restsOn: ['steady-state'],
  usually:
    'Nothing limits the calls, each endpoint, client or process has its own limit, or a slot is released after the headers of a stream.',
  fix: 'Put one semaphore with the promised number around all calls to this upstream. If there are several processes, divide the promised number among them.',
  cases: (facts) => casesOf(facts, checkOfTooMany),
  without: WITHOUT,
  judge: (history, facts) =>
    crowds(history, facts).map(({ of, promised, most, isEnough, seen }) => ({
      ...seen,
      check: checkOfTooMany(of),
      expected: `never more than ${count(promised, 'call')} at once`,
      verdict: most > promised ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
    })),
};

const checkOfTooMany = (crowd: string): string => `not too many calls at once: ${crowd}`;

/** Checks that as many calls as the contract promises are in progress at the same time, if there are enough callers. */
export const upstreamConcurrencyReached: BuiltInChecker = {
  name: 'upstream-concurrency-reached',
  restsOn: ['steady-state'],
  usually:
    'A lock, a pool of connections or a single worker serves fewer callers, or the limit is shared with other calls.',
  fix: 'Raise the number of connections of the HTTP agent or the pool to the promised one, and hold no lock during the call.',
  cases: (facts) => casesOf(facts, checkOfEnough),
  without: WITHOUT,
  judge: (history, facts) =>
    crowds(history, facts).map(({ of, promised, most, isEnough, isSlow, whySlow, seen }) => ({
      ...seen,
      check: checkOfEnough(of),
      expected: `${count(promised, 'call')} at once`,
      verdict: most >= promised ? 'PASS' : isEnough && !isSlow ? 'FAIL' : 'INCONCLUSIVE',
      ...(isSlow && most < promised && { evidence: [...(seen.evidence ?? []), whySlow] }),
    })),
};

const checkOfEnough = (crowd: string): string => `enough calls at once: ${crowd}`;

/** Returns the observations for each crowd of callers, with and without streams, at an upstream with a promise. */
function crowds(history: History, facts: Facts) {
  return Object.entries(facts.contract.upstreams).flatMap(([upstream, { concurrency: promised }]) => {
    if (promised === undefined) return [];
    const crowd = (action: 'crowd' | 'crowd of streams') => (phase: Phases) => ({
      ...crowdIn(history, facts, phase, upstream, promised),
      of: crowdOf({ action, upstream }),
    });
    return [
      ...eachEntry(history.phases('crowd', { upstream })).map(crowd('crowd')),
      ...history.phases('crowd of streams', { upstream }).map(crowd('crowd of streams')),
    ];
  });
}

function crowdIn(history: History, facts: Facts, phase: Phases, upstream: string, promised: number) {
  const [sent, arrived] = [history.sentIn(phase), history.receiptsIn(phase, upstream)];
  const most = mostAtOnce(arrived);
  const isEnough = sent.length > promised && arrived.length > 0;
  const noise = noiseOf(history, facts)(firstSent(sent), lastSent(sent) + SLOW_MS);
  const whySlow = `machine noise may delay calls by ${asTime(noise)}: too late to be counted`;
  const touching = mostAtOnce(arrived, 0) - most;
  const evidence = `measured: ${most + touching} at once minus ${touching} that overlapped by at most ${asTime(OVERLAP_MS)}: ${most}`;
  const observed = `at most ${most}, for ${count(sent.length, 'caller')}: ${tally(sent.map(answerOf))}`;
  const seen = { requests: tagsIn(phase), observed, ...(touching > 0 && { evidence: [evidence] }) };
  return { promised, most, isEnough, isSlow: noise >= SLOW_MS, whySlow, seen };
}

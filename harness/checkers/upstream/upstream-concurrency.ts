import { count } from '../../base/in-words.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import { mostAtOnce } from '../lib/at-once.ts';
import { type Checker, type Facts, tally } from '../lib/checker.ts';
import { eachEntry } from '../lib/each-entry.ts';
import { noiseOf } from '../lib/noise.ts';
import { firstSent, lastSent } from '../lib/request-times.ts';

/** Machine noise from which on calls may not have arrived in time, in milliseconds. The script waits 3 s for them. */
const SLOW_MS = 1_500;

/**
 * Checks that never more calls than the contract promises are in progress at an upstream at the same time. The upstream
 * holds all calls of the phase, and more callers come than it may have calls. It holds streams after their first event,
 * because a turn must last until the stream has ended.
 */
export const upstreamConcurrency: Checker = {
  name: 'upstream-concurrency',
  restsOn: ['steady-state'],
  usually:
    'Nothing limits the calls, each endpoint, client or process has its own limit, or a turn ends with the headers of a stream.',
  judge: (history, facts) =>
    crowds(history, facts).map(({ of, promised, most, isEnough, seen }) => ({
      ...seen,
      check: `not too many calls at once: ${of}`,
      expected: `never more than ${count(promised, 'call')} at once`,
      verdict: most > promised ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
    })),
};

/** Checks that as many calls as the contract promises are in progress at the same time, if enough callers come. */
export const upstreamConcurrencyReached: Checker = {
  name: 'upstream-concurrency-reached',
  restsOn: ['steady-state'],
  usually:
    'A lock, a pool of connections or a single worker serves fewer callers, or the limit is shared with other calls.',
  judge: (history, facts) =>
    crowds(history, facts).map(({ of, promised, most, isEnough, isSlow, seen }) => ({
      ...seen,
      check: `enough calls at once: ${of}`,
      expected: `${count(promised, 'call')} at once`,
      verdict: most >= promised ? 'PASS' : isEnough && !isSlow ? 'FAIL' : 'INCONCLUSIVE',
    })),
};

/** Returns what was seen of the callers, and of those of streams, who came at once to an upstream with a promise. */
function crowds(history: History, facts: Facts) {
  return Object.entries(facts.contract.upstreams).flatMap(([upstream, { concurrency: promised }]) => {
    if (promised === undefined) return [];
    const crowd = (of: string) => (phase: Phases) => ({
      ...crowdIn(history, facts, phase, upstream, promised),
      of,
    });
    return [
      ...eachEntry(history.phases('crowd', { upstream })).map(crowd(upstream)),
      ...history.phases('crowd of streams', { upstream }).map(crowd(`${upstream}, streams`)),
    ];
  });
}

function crowdIn(history: History, facts: Facts, phase: Phases, upstream: string, promised: number) {
  const [sent, arrived] = [history.sentIn(phase), history.receiptsIn(phase, upstream)];
  const most = mostAtOnce(arrived);
  const isEnough = sent.length > promised && arrived.length > 0;
  const isSlow = noiseOf(history, facts)(firstSent(sent), lastSent(sent) + SLOW_MS) >= SLOW_MS;
  const observed = `at most ${most}, for ${count(sent.length, 'caller')}: ${tally(sent.map(({ status }) => status))}`;
  return { promised, most, isEnough, isSlow, seen: { requests: tagsIn(phase), observed } };
}

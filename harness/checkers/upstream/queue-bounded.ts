import { count } from '../../base/in-words.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { eachEntry } from '../lib/each-entry.ts';
import { unlessTooFew } from '../lib/few-calls.ts';
import { asTime, noiseOf } from '../lib/noise.ts';
import { answered, firstSent, lastSent } from '../lib/request-times.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import { waitingAt } from './at-once.ts';

/**
 * Checks that callers who wait for their turn at an upstream are refused within the promised time. The upstream holds
 * all calls, so that no other caller gets a turn. A caller waits if it has no response and no call in progress.
 */
export const queueBounded: BuiltInChecker = {
  name: 'queue-bounded',
  timed: true,
  restsOn: ['steady-state', 'upstream-concurrency', 'upstream-concurrency-reached'],
  usually: 'Callers wait in a queue without a timeout, or the timeout begins only with the call to the upstream.',
  fix: 'Include the time in the queue: start the timeout before the caller waits for its turn, and respond with 503 or 429 when it expires.',
  cases: (facts) =>
    queues(facts).map(({ upstream }) => ({
      check: checkOf(upstream),
      promises: [['upstreams', upstream, 'queueSeconds']],
    })),
  without: 'no upstream has a promised time that callers wait for their turn (upstreams.NAME.queueSeconds)',
  judge: (history, facts) =>
    queues(facts).flatMap((queue) =>
      eachEntry(history.phases('crowd', { upstream: queue.upstream })).map((phase) =>
        unlessTooFew(judge(history, facts, phase, queue), facts, 1 + concurrencyOf(facts, queue), BEYOND),
      ),
    ),
};

const BEYOND = 'one call more than the upstream may get';
const concurrencyOf = ({ contract: { upstreams } }: Facts, { upstream }: Queue): number =>
  upstreams[upstream]?.concurrency ?? 0;

const checkOf = (upstream: string): string => `waits for a turn are bounded: ${upstream}`;

interface Queue {
  readonly upstream: string;
  /** How long callers may wait for their turn. */
  readonly seconds: number;
}

const queues = ({ contract: { upstreams } }: Facts): Queue[] =>
  Object.entries(upstreams).flatMap(([upstream, { queueSeconds }]) =>
    queueSeconds === undefined ? [] : [{ upstream, seconds: queueSeconds }],
  );

function judge(history: History, facts: Facts, phase: Phases, { upstream, seconds }: Queue): Finding {
  const [calls, arrived] = [history.sentIn(phase), history.receiptsIn(phase, upstream)];
  const what = {
    check: checkOf(upstream),
    requests: tagsIn(phase),
    expected: `no caller waits for more than ${seconds} s`,
  };
  if (calls.length === 0) return { ...what, observed: 'no calls', verdict: 'INCONCLUSIVE' };
  const last = lastSent(calls);
  const until = last + seconds * 1_000 + LATE_MS;
  const late = until + noiseOf(history, facts)(firstSent(calls), until);
  const [waiting, waitingLate] = [waitingAt(until, calls, arrived), waitingAt(late, calls, arrived)];
  const over = calls.filter((call) => answered(call) <= until).length;
  const ended = arrived.filter(({ endedAt }) => endedAt !== null && endedAt <= until).length;
  const judged = {
    ...what,
    observed: `${waiting} of ${count(calls.length, 'caller')} still waited ${((until - last) / 1_000).toFixed(1)} s later`,
  };
  const heal = history
    .all('fault')
    .find((fault) => fault.id === undefined && fault.upstream === upstream && fault.at > last);
  const healed = heal?.at ?? 0;
  if (until > healed) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (waiting > 0) {
    const evidence = [
      `measured: ${waiting} still waited after ${asTime(LATE_MS)} of tolerance, ${waitingLate} after another ${asTime(late - until)} of machine noise`,
    ];
    return { ...judged, evidence, verdict: waitingLate > 0 && late <= healed ? 'FAIL' : 'INCONCLUSIVE' };
  }
  if (over > ended) return { ...judged, verdict: 'PASS' };
  return { ...judged, verdict: 'INCONCLUSIVE', evidence: ['all callers had got their turn by then'] };
}

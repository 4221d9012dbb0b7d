import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, poolNumber, poolOf, tally } from '../lib/checker.ts';
import { callsAtOnceOf, unlessTooFew } from '../lib/few-calls.ts';

/** Minimum number of pg_stat_activity samples in a phase. */
const ENOUGH = 5;

/**
 * Checks that after rejections, timeouts, lost connections, failing upstreams and aborted calls, the pool still has all
 * of its connections. In the last of the phases `locked again`, as many concurrent calls as the pool's maximum wait for
 * the table. A pool may need several rounds to reconnect because of its backoff. If several processes have a pool each,
 * there are more calls, so that all pools are full, regardless of the distribution of the calls.
 */
export const poolLeaksNothing: BuiltInChecker = {
  name: 'pool-leaks-nothing',
  restsOn: ['pool-ceiling', 'pool-recovers', 'pool-survives-lost-connections', 'database-outage-survived'],
  countsConnections: true,
  usually: 'A connection is not returned after a timeout or an error, or when the caller disconnects.',
  fix: 'Return the connection in a `finally` or with a context manager, on every path.',
  cases: () => [{ check: CHECK, promises: [poolNumber('max')] }],
  judge(history, facts) {
    const { max, processes, refusal, served } = poolOf(facts);
    const rounds = history.phases('locked again');
    const phases = rounds.slice(-1);
    const samples = history.allIn('connections', phases);
    const peaks = rounds.map((round) => peakIn(history, round));
    const peak = peaks.at(-1) ?? 0;
    const calls = history.requestsIn(phases);
    const statuses = calls.map(({ status }) => status);
    const rest = statuses.filter((status) => !served.includes(status));
    const isServed = statuses.length - rest.length >= max && rest.every((status) => status === refusal);
    const callsAtOnce = callsAtOnceOf(facts);
    const most = Math.min(max, callsAtOnce);
    // Several pools are full for certain if more calls come than they have connections, or if no more can be worked on.
    const isFull = processes === 1 || callsAtOnce <= max ? statuses.length === most : statuses.length > most;
    const enough = samples.length >= ENOUGH && isFull;
    const finding: Finding = {
      check: CHECK,
      requests: tagsIn(phases),
      expected:
        processes === 1
          ? `${max} calls hold ${max} connections at once, and are served`
          : `${max} of ${statuses.length} calls hold ${max} connections at once, and are served; ${refusal} for the rest`,
      observed: `${count(peak, 'connection')} at once; ${tally(calls.map(answerOf))}`,
      verdict: !enough ? 'INCONCLUSIVE' : peak === max && isServed ? 'PASS' : 'FAIL',
      ...(peak < max && {
        evidence: [`in each of ${count(peaks.length, 'round')}: ${peaks.join(', ')} of ${max} connections at once`],
        ...(enough && { usually: whyMissing(max - peak) }),
      }),
    };
    return [peak < most ? finding : unlessTooFew(finding, facts, max, 'each of them holds a connection')];
  },
};

const CHECK = 'pool leaks nothing';

/** Returns the highest number of connections that waited for the lock at the same time. */
const peakIn = (history: History, phase: PhaseEntry): number =>
  Math.max(0, ...history.allIn('connections', [phase]).map(({ waitingForLock }) => waitingForLock));

const whyMissing = (missing: number): string =>
  `The pool leaks: ${count(missing, 'connection is', 'connections are')} not available any more. A connection is not returned after a timeout or an error, or when the caller disconnects.`;

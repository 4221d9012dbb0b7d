import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type BuiltInChecker, type Facts, tally, withEvidence } from '../lib/checker.ts';
import { noiseOf, whatIsLeft } from '../lib/noise.ts';
import {
  after,
  casesOfEnd,
  isBeforeExit,
  judgeNewRequests,
  NO_TERMINATION,
  NOTICED_MS,
  signalOf,
  treatmentOf,
} from './ending.ts';

const checkOf = (facts: Facts): string => `refuses new requests after ${signalOf(facts)}`;

/** Minimum number of refused requests. They may have been sent before the service had to notice the signal. */
const ENOUGH = 3;
/**
 * How long before it exits or closes its port a process may drop a request that it has not accepted yet, in
 * milliseconds, in addition to its waits for a processor. The system resets connections that wait to be accepted.
 */
const LAST_MS = 100;

/**
 * Checks that requests sent after SIGTERM, and after the promised time in which they may still be served, are refused:
 * the port is closed, or they get 503. A request that is accepted and gets no response is not refused. Requests also
 * begin during calls that never end, because these keep the process for longer.
 */
export const newRequestsRefused: BuiltInChecker = {
  name: 'new-requests-refused',
  timed: true,
  restsOn: ['steady-state', 'ends-when-told-to'],
  usually:
    'The port stays open until the last request has ended. Stop listening on SIGTERM, or say in drainSeconds how long requests are still served.',
  fix: 'Close the listening socket as soon as SIGTERM arrives, or set `termination.drainSeconds`.',
  // No field of the contract promises this: requests that are refused too soon don't fail the check.
  cases: (facts) => (facts.contract.termination ? casesOfEnd(facts, { check: checkOf(facts), fields: [] }) : []),
  without: NO_TERMINATION,
  judge(history, facts) {
    const { termination } = facts.contract;
    if (!termination) return [];
    const noise = noiseOf(history, facts);
    const { drainSeconds } = termination;
    const later = drainSeconds > 0 ? `, ${drainSeconds} s later` : '';
    const judged = {
      check: checkOf(facts),
      about: 'new',
      expected: `no connection or 503${later}`,
    };
    return judgeNewRequests(history, judged, (ending) => {
      const exited = ending.exit?.at ?? Number.POSITIVE_INFINITY;
      const drainMs = drainSeconds * 1_000;
      const calls = history.sentIn(ending.phase, { about: 'new' }).filter(({ at }) => at >= ending.at + drainMs);
      const refused = calls.filter((call) => treatmentOf(call) === 'refused');
      const closed = refused.find(({ status }) => status === 0)?.at ?? exited;
      const late = calls.filter(({ at }) => at >= ending.noticed + drainMs);
      const accepted = calls.filter(
        (call) => isBeforeExit(ending, call) && ['answered', 'dropped'].includes(treatmentOf(call) ?? ''),
      );
      const endAfter = (call: RequestSample) => [closed, exited].filter((end) => call.at < end);
      const isLast = (call: RequestSample) =>
        treatmentOf(call) === 'dropped' && endAfter(call).some((end) => end - call.at - noise(call.at, end) < LAST_MS);
      const wrong = accepted.filter((call) => late.includes(call) && !isLast(call));
      const tolerated = accepted.filter((call) => !late.includes(call));
      const lastTolerated = tolerated.at(-1)?.at ?? Number.NaN;
      const subtracted = [
        ...whatIsLeft('measured: still accepted for', lastTolerated - ending.at - drainMs, NOTICED_MS, 0),
        ...accepted
          .filter((call) => late.includes(call) && isLast(call))
          .flatMap((call) => {
            const end = Math.min(...endAfter(call));
            return whatIsLeft('measured: dropped before the end by', end - call.at, LAST_MS, noise(call.at, end));
          }),
      ];
      const observed = `${count(refused.length, 'request')} refused, ${wrong.length} not`;
      // A process that exits before it has to refuse requests can't serve any later.
      const isGone = exited <= ending.noticed + drainMs;
      const isEnough = isGone || (refused.length >= ENOUGH && late.some((call) => refused.includes(call)));
      const last = wrong.at(-1);
      if (!last) return withEvidence({ observed, verdict: isEnough ? 'PASS' : 'INCONCLUSIVE' }, subtracted);
      const evidence = [
        `they got ${tally(wrong.map(answerOf))}`,
        `the last of them was sent ${after(ending, last.at)}`,
        ...whatIsLeft('measured: still accepted for', last.at - ending.at - drainMs, NOTICED_MS, 0),
      ];
      return { observed, evidence, verdict: 'FAIL' };
    });
  },
};

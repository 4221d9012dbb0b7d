import { constants } from 'node:os';
import type { ServiceEvent } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Case, type Facts, planned, withEvidence } from '../lib/checker.ts';
import { judgeExcess, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import {
  after,
  casesOfEnd,
  duringCalls,
  duringHangingCalls,
  type EndPhase,
  endingIn,
  HANGING,
  inProgress,
  ofTermination,
  signalOf,
} from './ending.ts';

const checkOf = (facts: Facts): string => `exits on ${signalOf(facts)}`;
const hangingCheckOf = (facts: Facts): string => `exits on ${signalOf(facts)} during calls that hang`;

/** Returns the exit codes of a service that a signal has ended. A shell reports 128 + 15 if it was SIGTERM itself. */
const usualCodes = (signal: string): number[] => [0, 128 + (constants.signals[signal as NodeJS.Signals] ?? 0)];

const OTHER_CODE =
  'It ended in time, but with another code than promised: an error while it closes (a pool, or a server that is closed twice), or an explicit exit with that code.';

/**
 * Checks that the service exits on SIGTERM without a SIGKILL. If the contract says how it ends (`termination`), it must
 * exit within the promised time, also during calls that never end, and with the promised code.
 */
export const endsWhenToldTo: BuiltInChecker = {
  name: 'ends-when-told-to',
  timed: true,
  restsOn: ['steady-state'],
  usually: 'SIGTERM is ignored, or the service waits for requests or for idle connections without a limit.',
  fix: 'Handle SIGTERM: stop listening, close idle connections (`server.closeIdleConnections()` in Node), and exit when the last request has ended or the promised time is over.',
  noWireMutant: "it judges how the service's process ends, not its traffic",
  cases(facts) {
    const during = casesOfEnd(facts, { check: checkOf(facts), fields: ['graceSeconds', 'exitCode'] });
    const hanging = planned(facts, ...HANGING)?.map(
      (): Case => ({ check: hangingCheckOf(facts), promises: ofTermination(facts, ['graceSeconds']) }),
    );
    return during && hanging && [...during, ...hanging];
  },
  without:
    'no call has a promised timeout that is longer than `termination.graceSeconds`, so that its end shows nothing more than chaos/termination',
  judge: (history, facts) =>
    [...duringCalls(history), ...duringHangingCalls(history)].map((phase) => judge(history, facts, phase)),
};

function judge(history: History, facts: Facts, phase: EndPhase): Finding {
  const hangs = phase.action !== 'terminated';
  const { graceSeconds, exitCode } = facts.contract.termination ?? {};
  const codes = exitCode === undefined ? usualCodes(signalOf(facts)) : [exitCode];
  const inTime = graceSeconds === undefined ? 'it exits without SIGKILL' : `it exits within ${graceSeconds} s`;
  const judged = {
    check: hangs ? hangingCheckOf(facts) : checkOf(facts),
    expected: graceSeconds === undefined || hangs ? inTime : `${inTime}, with code ${codes.join(' or ')}`,
  };
  const ending = endingIn(history, phase);
  const exit = ending?.exit;
  if (!exit) return { ...judged, observed: 'it did not exit', verdict: 'INCONCLUSIVE' };
  const how = exit.signal ? `ended by ${exit.signal}` : `exited with code ${exit.code}`;
  const observed = `${how} ${after(ending, exit.at)}`;
  if (exit.signal === 'SIGKILL') return { ...judged, observed, verdict: 'FAIL' };
  if (graceSeconds === undefined) return { ...judged, observed, verdict: 'PASS' };
  if (hangs && inProgress(history, ending, 'hanging').length === 0) {
    return { ...judged, observed: `${observed}; no call was in progress`, verdict: 'INCONCLUSIVE' };
  }
  const noise = noiseOf(history, facts)(ending.at, exit.at);
  const excess = [exit.at - ending.at - graceSeconds * 1_000, LATE_MS, noise] as const;
  const late = judgeExcess(...excess);
  const isRight = hangs || isPromised(exit, codes, exitCode === undefined ? ending.signal : undefined);
  const verdict = isRight ? late : 'FAIL';
  const usually = isRight || late === 'FAIL' || exit.signal ? {} : { usually: OTHER_CODE };
  return withEvidence({ ...judged, observed, verdict, ...usually }, whatIsLeft('measured: too late by', ...excess));
}

/** Whether the process exited with one of the codes, or by the signal that may end it. */
const isPromised = ({ code, signal }: ServiceEvent, codes: readonly number[], mayEnd: string | undefined): boolean =>
  signal ? signal === mayEnd : codes.some((allowed) => allowed === code);

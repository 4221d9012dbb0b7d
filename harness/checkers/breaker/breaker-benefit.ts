import { count } from '../../base/in-words.ts';
import { mean } from '../../base/mean.ts';
import { median } from '../../base/median.ts';
import type { Action } from '../../contract/phase.ts';
import type { Tags } from '../../contract/tags.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding, Table } from '../../verdict/finding.ts';
import { breakerOf, type Checker, type Facts, isServed, tally } from '../lib/checker.ts';
import { judgeExcess, type Noise, noiseOf, ownTime } from '../lib/noise.ts';
import { answered, secondsBetween } from '../lib/request-times.ts';
import { judgeSlowdown } from '../lib/slowdown.ts';
import { meanStarvation } from '../lib/starvation.ts';
import { LATE_MS } from '../lib/tolerances.ts';

const [WITH, WITHOUT] = ['with breakers', 'without breakers'];

/**
 * Ratios of the value with breakers to the value without. A ratio up to the first one counts as a benefit, and a ratio
 * from the second one on counts as no benefit.
 */
const [BENEFIT, NO_BENEFIT] = [0.5, 0.75];
/** Ratios for CPU time. So few calls use so little of it that only a clear increase counts as a failure. */
const [CPU_BENEFIT, CPU_NO_BENEFIT] = [1.2, 1.5];

/** An outage, either with or without breakers. */
interface Outage {
  calls: RequestSample[];
  reached: number;
  cpuSeconds: number | undefined;
  untouched: RequestSample[];
  control: number[];
  /**
   * When the outage ended (in milliseconds since the epoch), and the number of seconds until a call was served, or
   * undefined if none was.
   */
  healedAt: number;
  recovery: number | undefined;
  /** Average time that a request waited for a processor, in milliseconds. */
  starvedMs: number;
}

/**
 * Compares the same outage with and without breakers. Checks that with breakers, waits are shorter, fewer upstream
 * calls are wasted, no more CPU time is used, the service recovers within the recovery timeout, and unaffected
 * endpoints stay fast. The script adds each process's CPU time to the metric `cpu_seconds`.
 *
 * Calls to the failing upstream follow a schedule, so a service that is frozen delays all of them that are due, and the
 * mean counts each in full. Unaffected endpoints are called one after another, and their medians are compared, because
 * the question is whether a typical call gets slower: one that waits for a worker, a connection or a lock that hanging
 * calls hold. A schedule would add the delays of a busy generator to both medians. A median does not show a service
 * that is frozen for a moment: the checker `untouched-never-wait` does, by a schedule, for the same breaker and
 * endpoints.
 */
export const breakerBenefit: Checker = {
  name: 'breaker-benefit',
  timed: true,
  restsOn: ['breaker-opens', 'breaker-closes'],
  usually:
    'The breakers do not reject calls, reject them only after the expensive work, or stay open for longer than promised.',
  judge(history, facts) {
    const [on, off] = [WITH, WITHOUT].map((variant) => outageOf(history, facts, variant)) as [Outage, Outage];
    const [why, noise] = [whyNot(on, off, facts), noiseOf(history, facts)];
    const findings = [
      { ...waiting(on, off, noise), table: sideBySide(on, off, facts) },
      upstreamCalls(on, off, breakerOf(facts).upstream),
      ...(facts.contract.cpu ? [processorTime(on, off)] : []),
      recovery(on, off, breakerOf(facts).recoverySeconds, noise),
      ...breakerOf(facts).untouched.map((endpoint) => rest(on, off, endpoint)),
    ];
    const judged = findings.map((finding) => ({ requests: [WITH, WITHOUT].flatMap(requestsOf), ...finding }));
    if (why === undefined) return judged;
    return judged.map((finding) => ({
      ...finding,
      observed: `${finding.observed}; not comparable: ${why}`,
      ...(isStillRefused(off) && { evidence: [NOT_SWITCHED_OFF] }),
      verdict: 'INCONCLUSIVE',
    }));
  },
};

const requestsOf = (variant: string): Tags[] => [{ phase: `outage ${variant}` }, { phase: `recovery ${variant}` }];

function outageOf(history: History, facts: Facts, variant: string): Outage {
  const phase: Action = `outage ${variant}`;
  const again = history.requests({ phase: `recovery ${variant}`, about: 'again' });
  const served = again.find((call) => isServed(facts, call));
  const began = history.phase(`recovery ${variant}`)?.at ?? Number.NaN;
  const heal = history.all('fault').find(({ id, at }) => id === undefined && at >= began);
  return {
    calls: history.requests({ phase, about: 'call' }),
    reached: history.receiptsIn(phase, breakerOf(facts).upstream).length,
    cpuSeconds: history.metric('cpu_seconds', { phase })[0]?.value,
    untouched: history.requests({ phase, about: 'untouched' }),
    control: history.metric('control_ms', { phase }).map(({ value }) => value),
    healedAt: heal?.at ?? Number.NaN,
    starvedMs: meanStarvation(history, history.sent({ phase })),
    recovery: heal && served && secondsBetween(heal.at, answered(served)),
  };
}

const NOT_SWITCHED_OFF =
  'something still refused calls: the settings of the condition "no-breakers" do not switch the breakers off';

const isStillRefused = ({ reached, calls }: Outage): boolean => reached < calls.length;

/** Returns why the two outages can't be compared, or undefined if they can. */
function whyNot(on: Outage, off: Outage, facts: Facts): string | undefined {
  const calls = [...on.calls, ...off.calls];
  if (on.calls.length === 0 || on.calls.length !== off.calls.length) return 'not the same calls';
  if (calls.some(({ status }) => status === 0)) return 'not every call was answered';
  if (calls.some((call) => isServed(facts, call))) return `served: ${tally(calls.map(({ status }) => status))}`;
  if (isStillRefused(off)) {
    return `without breakers only ${off.reached} of ${off.calls.length} calls reached ${breakerOf(facts).upstream}`;
  }
  return undefined;
}

function compare(
  check: string,
  [on, off]: readonly [number, number],
  what: (value: number) => string,
  [good, bad] = [BENEFIT, NO_BENEFIT],
): Finding {
  const ratio = on / off;
  const times = Number.isFinite(ratio) ? `: ${ratio.toFixed(2)} ×` : '';
  const verdict = ratio <= good ? 'PASS' : ratio >= bad ? 'FAIL' : 'INCONCLUSIVE';
  return {
    check,
    expected: `at most ${good} × the value without breakers`,
    observed: Number.isNaN(on + off) ? 'no samples' : `${what(on)} with, ${what(off)} without${times}`,
    verdict,
  };
}

/** Returns all compared figures as a table, with "?" for those that were not measured. */
function sideBySide(on: Outage, off: Outage, facts: Facts): Table {
  const { upstream, untouched } = breakerOf(facts);
  const shown = (value = Number.NaN, digits = 0) => (Number.isFinite(value) ? Number(value.toFixed(digits)) : '?');
  const row = (name: string, of: (outage: Outage) => string | number) => [name, of(on), of(off)];
  return {
    columns: ['in the same outage', WITH, WITHOUT],
    rows: [
      row('wait for an answer, mean, ms', (outage) => shown(meanWait(outage))),
      row(`calls that reached ${upstream}`, ({ reached }) => reached),
      ...(facts.contract.cpu
        ? [row('processor time, ms', ({ cpuSeconds }) => shown(cpuSeconds && cpuSeconds * 1_000))]
        : []),
      row('served again after, s', ({ recovery: seconds }) => shown(seconds, 2)),
      ...untouched.map((endpoint) =>
        row(`${endpoint}, median, ms`, (outage) => shown(median(timesOf(outage, endpoint)), 1)),
      ),
    ],
  };
}

const meanWait = ({ calls }: Outage): number => mean(calls.map(({ ms }) => ms));

function waiting(on: Outage, off: Outage, noise: Noise): Finding {
  const finding = compare('less waiting', [meanWait(on), meanWait(off)], (ms) => `${ms.toFixed(0)} ms a call`);
  const own = mean(on.calls.map((call) => ownTime(call, noise)));
  return finding.verdict === 'FAIL' && own < NO_BENEFIT * meanWait(off)
    ? { ...finding, verdict: 'INCONCLUSIVE' }
    : finding;
}

const upstreamCalls = (on: Outage, off: Outage, upstream: string): Finding =>
  compare('fewer upstream calls', [on.reached, off.reached], (n) => `${count(n, 'call')} of ${upstream}`);

function processorTime(on: Outage, off: Outage): Finding {
  const check = 'no more processor time';
  if (on.cpuSeconds === undefined || off.cpuSeconds === undefined) {
    return {
      check,
      expected: 'the processor time of both processes',
      observed: 'not measured',
      verdict: 'INCONCLUSIVE',
    };
  }
  const used = [on.cpuSeconds, off.cpuSeconds] as const;
  return compare(check, used, (seconds) => `${(seconds * 1_000).toFixed(0)} ms`, [CPU_BENEFIT, CPU_NO_BENEFIT]);
}

function recovery(on: Outage, off: Outage, recoverySeconds: number, noise: Noise): Finding {
  const [seconds, without] = [on.recovery, off.recovery];
  const judged = {
    check: 'recovers by itself within the timeout',
    expected: `served within ${recoverySeconds} s of the end of the outage`,
    observed: [WITH, WITHOUT]
      .map((variant, index) => `${variant} after ${[seconds, without][index]?.toFixed(2) ?? '?'} s`)
      .join(', '),
  };
  if (seconds === undefined) return { ...judged, verdict: 'FAIL' };
  const [due, servedAt] = [recoverySeconds, seconds].map((after) => on.healedAt + after * 1_000) as [number, number];
  const verdict = judgeExcess(servedAt - due, LATE_MS, noise(due, servedAt));
  return { ...judged, verdict, secondsToRecover: seconds };
}

const timesOf = ({ untouched }: Outage, endpoint: string): number[] =>
  untouched.filter(({ tags }) => tags.endpoint === endpoint).map(({ ms }) => ms);

function rest(on: Outage, off: Outage, endpoint: string): Finding {
  return judgeSlowdown(
    { without: [timesOf(off, endpoint)], with: timesOf(on, endpoint) },
    { without: [off.control], with: on.control },
    {
      check: `unaffected endpoint as fast: ${endpoint}`,
      requests: [WITH, WITHOUT].map((variant) => ({ phase: `outage ${variant}`, about: 'untouched', endpoint })),
      what: 'without breakers',
      starvedMs: on.starvedMs,
    },
  );
}

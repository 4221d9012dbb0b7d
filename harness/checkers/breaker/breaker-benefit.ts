import { count } from '../../base/in-words.ts';
import { mean } from '../../base/mean.ts';
import { median } from '../../base/median.ts';
import { ratioOfPairs } from '../../base/ratios.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding, Table } from '../../verdict/finding.ts';
import { numberOf } from '../lib/breaker-promises.ts';
import { type BuiltInChecker, breakerOf, type Facts, isServed, tally } from '../lib/checker.ts';
import { judgeExcess, type Noise, noiseOf, ownTime, whatIsLeft } from '../lib/noise.ts';
import { answered, secondsBetween } from '../lib/request-times.ts';
import { judgeSlowdown } from '../lib/slowdown.ts';
import { meanStarvation } from '../lib/starvation.ts';
import { LATE_MS } from '../lib/tolerances.ts';

const WAITING_CHECK = 'less waiting';
const CALLS_CHECK = 'fewer upstream calls';
const PROCESSOR_CHECK = 'no more processor time';
const RECOVERY_CHECK = 'recovers by itself within the timeout';
const untouchedCheck = (endpoint: string): string => `unaffected endpoint as fast: ${endpoint}`;

const [WITH, WITHOUT] = ['with breakers', 'without breakers'];

/**
 * Ratios of the value with breakers to the value without. A ratio up to the first one counts as a benefit, and a ratio
 * from the second one on counts as no benefit.
 */
const [BENEFIT, NO_BENEFIT] = [0.5, 0.75];
/**
 * The ratio of CPU time up to which it has not risen, because no measurement shows that two values are equal. And the
 * probability that the whole confidence interval is above the true ratio.
 */
const [CPU_EQUAL, CPU_TAIL] = [1.05, 0.005];
/** The fault with which calls hang, as receipts name it. */
const HANG = /(^|:)hang$/;
/** A call that waits for less than this share of its timeout does not hang. */
const HANGS_FOR = 0.8;

/** An outage, either with or without breakers. */
interface Outage {
  phases: readonly PhaseEntry[];
  calls: RequestSample[];
  reached: number;
  /** Whether calls that reached the upstream hung there. Otherwise, they failed late. */
  hung: boolean;
  /** The CPU time of each round of failing calls, by the number of its pair. */
  cpuSeconds: ReadonlyMap<string, number>;
  untouched: RequestSample[];
  control: number[];
  /** Average time that a request waited for a processor, in milliseconds. */
  starvedMs: number;
}

/**
 * Compares the same outage with and without breakers, in which calls hang until their timeout, or fail late if the
 * contract promises none. Checks that with breakers, waits are shorter, fewer upstream calls are wasted, failing calls
 * use no more CPU time, and unaffected endpoints stay fast. Without breakers, nothing has to recover, so the recovery
 * is not compared: the service must serve calls again within the recovery timeout, without a restart.
 *
 * CPU time is measured in pairs of rounds, one in each process, and added to the metric `cpu_seconds`. Its ratio is
 * judged by a rank-based confidence interval of 99%: it must not be above 1, and it is INCONCLUSIVE if noise hides the
 * difference.
 *
 * Calls to the failing upstream follow a schedule, so a service that is frozen delays all of them that are due, and the
 * mean counts each in full. Unaffected endpoints are called one after another, and their medians are compared, because
 * the check is whether a typical call gets slower, for example because it waits for a worker, a connection or a lock
 * that hanging calls hold. A schedule would add the delays of a busy generator to both medians. A median does not show
 * a service that is frozen for a moment. The checker `untouched-never-wait` detects this with calls on a schedule, for
 * the same breaker and endpoints.
 */
export const breakerBenefit: BuiltInChecker = {
  name: 'breaker-benefit',
  timed: true,
  restsOn: ['breaker-opens', 'breaker-closes'],
  usually:
    'The breakers do not reject calls, reject them only after the expensive work, or stay open for longer than promised.',
  fix: 'Refuse before the expensive work: before the body is parsed, before a connection is taken. Compare how long the breaker stays open with the promise.',
  cases(facts) {
    const breaker = breakerOf(facts);
    return [
      { check: WAITING_CHECK, promises: [] },
      { check: CALLS_CHECK, promises: [] },
      ...(facts.contract.cpu ? [{ check: PROCESSOR_CHECK, promises: [] }] : []),
      ...breaker.untouched.map((endpoint) => ({
        check: untouchedCheck(endpoint),
        promises: [['breakers', breaker.name, 'untouched']],
      })),
      { check: RECOVERY_CHECK, promises: [numberOf(breaker, 'recoverySeconds')] },
    ];
  },
  judge(history, facts) {
    const [on, off] = [WITH, WITHOUT].map((variant) => outageOf(history, facts, variant)) as [Outage, Outage];
    const [why, noise] = [whyNot(on, off, facts), noiseOf(history, facts)];
    const findings = [
      { ...waiting(on, off, noise), table: sideBySide(on, off, facts) },
      upstreamCalls(on, off, breakerOf(facts).upstream),
      ...(facts.contract.cpu ? [processorTime(on, off)] : []),
      ...breakerOf(facts).untouched.map((endpoint) => rest(on, off, endpoint)),
    ];
    const judged = findings.map((finding) => ({ requests: tagsIn([...on.phases, ...off.phases]), ...finding }));
    const recovered = recovery(history, facts, noise);
    if (why === undefined) return [...judged, recovered];
    const undecided = judged.map(
      (finding): Finding => ({
        ...finding,
        observed: `${finding.observed}; not comparable: ${why}`,
        ...(isStillRefused(off) && { evidence: [NOT_SWITCHED_OFF, ...(finding.evidence ?? [])] }),
        verdict: 'INCONCLUSIVE',
      }),
    );
    return [...undecided, recovered];
  },
};

function outageOf(history: History, facts: Facts, variant: string): Outage {
  const phases = history.phases('outage beside', { variant });
  const receipts = history.receiptsIn(phases, breakerOf(facts).upstream);
  const rounds = history.metric('cpu_seconds', { variant });
  return {
    phases,
    calls: history.requestsIn(phases, { about: 'call' }),
    reached: receipts.length,
    hung: receipts.some(({ faults }) => faults.some((fault) => HANG.test(fault))),
    cpuSeconds: new Map(rounds.map(({ value, tags: { round = '' } }) => [round, value])),
    untouched: history.requestsIn(phases, { about: 'untouched' }),
    control: history.metricIn('control_ms', phases).map(({ value }) => value),
    starvedMs: meanStarvation(history, history.sentIn(phases)),
  };
}

const NOT_SWITCHED_OFF =
  'calls were still refused: the settings of the condition "no-breakers" do not switch the breakers off';

const isStillRefused = ({ reached, calls }: Outage): boolean => reached < calls.length;

/** Returns why the two outages can't be compared, or undefined if they can. */
function whyNot(on: Outage, off: Outage, facts: Facts): string | undefined {
  const calls = [...on.calls, ...off.calls];
  if (on.calls.length === 0 || on.calls.length !== off.calls.length) return 'not the same calls';
  if (calls.some(({ status }) => status === 0)) return 'not every call was answered';
  if (calls.some((call) => isServed(facts, call))) return `served: ${tally(calls.map(answerOf))}`;
  if (isStillRefused(off)) {
    return `without breakers only ${off.reached} of ${off.calls.length} calls reached ${breakerOf(facts).upstream}`;
  }
  const { callTimeoutSeconds = 0 } = breakerOf(facts);
  if (off.hung && off.calls.some(({ ms }) => ms < callTimeoutSeconds * 1_000 * HANGS_FOR)) {
    return `without breakers, not every call waited for its timeout of ${callTimeoutSeconds} s`;
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
      row('mean response time, ms', (outage) => shown(meanWait(outage))),
      row(`calls that reached ${upstream}`, ({ reached }) => reached),
      ...(facts.contract.cpu
        ? [
            row('median CPU time of a round, ms', ({ cpuSeconds }) =>
              shown(median([...cpuSeconds.values()]) * 1_000, 1),
            ),
          ]
        : []),
      ...untouched.map((endpoint) =>
        row(`median of ${endpoint}, ms`, (outage) => shown(median(timesOf(outage, endpoint)), 1)),
      ),
    ],
  };
}

const meanWait = ({ calls }: Outage): number => mean(calls.map(({ ms }) => ms));

function waiting(on: Outage, off: Outage, noise: Noise): Finding {
  const found = compare(WAITING_CHECK, [meanWait(on), meanWait(off)], (ms) => `${ms.toFixed(0)} ms per call`);
  const what = off.hung ? 'calls hung until their timeout' : 'calls failed late, before any timeout';
  const own = mean(on.calls.map((call) => ownTime(call, noise)));
  const evidence = whatIsLeft('measured: mean response time with breakers', meanWait(on), 0, meanWait(on) - own);
  const finding = { ...found, observed: `${found.observed}; ${what}`, evidence };
  return finding.verdict === 'FAIL' && own < NO_BENEFIT * meanWait(off)
    ? { ...finding, verdict: 'INCONCLUSIVE' }
    : finding;
}

const upstreamCalls = (on: Outage, off: Outage, upstream: string): Finding =>
  compare(CALLS_CHECK, [on.reached, off.reached], (n) => `${count(n, 'call')} of ${upstream}`);

/** Judges the ratio of the CPU time that the same failing calls use with and without breakers, in pairs of rounds. */
function processorTime(on: Outage, off: Outage): Finding {
  const judged = {
    check: PROCESSOR_CHECK,
    requests: [{ about: 'costly' }],
    expected: 'failing calls use no more than without breakers',
  };
  const ratios = [...on.cpuSeconds].flatMap(([pair, used]) => {
    const without = off.cpuSeconds.get(pair);
    return without === undefined ? [] : [used / without];
  });
  const ratio = ratioOfPairs(ratios, CPU_TAIL);
  if (!ratio) {
    const observed = `${count(ratios.length, 'pair')} of rounds: too few, or too short for this metric`;
    return { ...judged, observed, verdict: 'INCONCLUSIVE' };
  }
  const { estimate, low, high } = ratio;
  const observed = `${estimate.toFixed(2)} ×, certainly between ${low.toFixed(2)} × and ${high.toFixed(2)} ×, in ${count(ratios.length, 'pair')} of rounds`;
  return { ...judged, observed, verdict: low > 1 ? 'FAIL' : high <= CPU_EQUAL ? 'PASS' : 'INCONCLUSIVE' };
}

/** Judges when the service serves calls again by itself. Its breaker must have been open when the outage ended. */
function recovery(history: History, facts: Facts, noise: Noise): Finding {
  const { recoverySeconds, refusal } = breakerOf(facts);
  const phases = history.phases('recovery beside', { variant: WITH });
  const tags = { about: 'again' };
  const began = phases[0]?.at ?? Number.NaN;
  const heal = history.all('fault').find(({ id, at }) => id === undefined && at >= began);
  const calls = history.requestsIn(phases, tags);
  const served = calls.find((call) => isServed(facts, call));
  const refused = calls.filter((call) => call.status === refusal && (!served || call.at < served.at)).length;
  const judged = {
    check: RECOVERY_CHECK,
    requests: tagsIn(phases, tags),
    expected: `refused at the end of the outage, and served within ${recoverySeconds} s`,
    observed: tally(calls.map(answerOf)),
  };
  if (!heal || calls.length === 0) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (!served) return { ...judged, verdict: 'FAIL' };
  const seconds = secondsBetween(heal.at, answered(served));
  const observed = `${count(refused, 'refusal')}, then served after ${seconds.toFixed(2)} s`;
  const [due, servedAt] = [heal.at + recoverySeconds * 1_000, answered(served)];
  const excess = [servedAt - due, LATE_MS, noise(due, servedAt)] as const;
  const late = judgeExcess(...excess);
  const verdict = late === 'PASS' && refused === 0 ? 'INCONCLUSIVE' : late;
  const evidence = whatIsLeft('measured: served too late by', ...excess);
  return { ...judged, observed, verdict, secondsToRecover: seconds, evidence };
}

const timesOf = ({ untouched }: Outage, endpoint: string): number[] =>
  untouched.filter(({ tags }) => tags.endpoint === endpoint).map(({ ms }) => ms);

function rest(on: Outage, off: Outage, endpoint: string): Finding {
  return judgeSlowdown(
    { without: [timesOf(off, endpoint)], with: timesOf(on, endpoint) },
    { without: [off.control], with: on.control },
    {
      check: untouchedCheck(endpoint),
      requests: tagsIn([...on.phases, ...off.phases], { about: 'untouched', endpoint }),
      what: 'without breakers',
      starvedMs: on.starvedMs,
    },
  );
}

import { Trend } from 'k6/metrics';
import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls, silence, slowDown } from '../lib/break-calls.ts';
import { quickFailure } from '../lib/breaker.ts';
import { breakerUnderTest, context } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { RECOVERY } from '../lib/lasting.ts';
import { isRated, letLeave, settleSeconds } from '../lib/prime.ts';
import { call, isServed, readGauge, tagsOf } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { pause, pauseUntil, times, together, until } from '../lib/wait.ts';
import { isWorking } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

/** The settings for the service's processes, in order. */
const VARIANTS = ['with breakers', 'without breakers'];

const breaker = breakerUnderTest();

const { upstream, endpoint, untouched, recoverySeconds, callTimeoutSeconds, opening } = breaker;

/** The latency of an upstream that does not hang, but fails late, in milliseconds. */
const SLOW_MS = 300;
/** Maximum number of calls needed to open the breaker. They are made at once. */
const OPENING = Math.max(opening.successes + opening.failures, opening.alone ?? 0);
/** Number of further calls in an outage, which is many more, and milliseconds between two of them. */
const [CALLS, EVERY_MS] = [Math.max(40, 4 * OPENING), 50];
/** Number of warm-up calls to each process. */
const WARM_UP = 30;
/** Number of pairs of rounds in which the processor time is measured, and number of failing calls in a round. */
const [PAIRS, IN_ROUND] = [10, 12];

/**
 * Whether calls hang until their timeout, so that this is what callers would wait for. Otherwise, the upstream fails
 * late: if no timeout is promised, calls are repeated after it, or some would wait for a turn at the upstream.
 */
const HANGS =
  callTimeoutSeconds !== undefined &&
  context.upstreams[upstream]?.protocol === 'http' &&
  context.upstreams[upstream].waitsOnce &&
  (context.upstreams[upstream].concurrency ?? Number.POSITIVE_INFINITY) >= OPENING + CALLS;
const WAIT_SECONDS = HANGS ? (callTimeoutSeconds ?? 0) : SLOW_MS / 1_000;
/**
 * Milliseconds between two calls to the unaffected endpoints. There are enough of them for a median of each sixth of an
 * outage, also on a machine that is a quarter slower.
 */
const LOOK_MS = Math.min(80, (WAIT_SECONDS * 1_000 + CALLS * EVERY_MS) / 42);

export const proof: Proof = {
  about:
    'Runs the same outage of an upstream with and without breakers: calls hang until their timeout, or fail late if no timeout ' +
    'is promised. Compares waiting times, upstream calls and CPU time, and measures the recovery.',
  judges: 'benefit of ${breaker}',
  each: 'breaker',
  clients: 1,
  seconds: 8 + 2 * WAIT_SECONDS + RECOVERY + (isRated(breaker) ? VARIANTS.length * settleSeconds(breaker) : 0),
  comparesTimes: true,
  conditions: ['no-rate-limits'],
  beside: [['no-rate-limits', 'no-breakers']],
  holds: ['steady-state', 'breaker-benefit', 'recovers'],
};

const cpuSeconds = new Trend('cpu_seconds');
/** Duration of a call that doesn't use the service, in milliseconds. This reflects the machine's current speed. */
const controlMs = new Trend('control_ms');

export default async function (): Promise<void> {
  await steady('steady', { each: [endpoint] });
  const phase = await lab.phase({ action: 'warm-up' });
  await times(WARM_UP, () => together(VARIANTS.length, (process) => call(endpoint, { phase }, { process })));
  await outage('with breakers', 0);
  await openAgain();
  await recover();
  await outage('without breakers', 1);
  await lab.heal(upstream);
  await steady('steady again');
}

/**
 * Makes the calls that open the breaker at once, and further calls on a schedule, regardless of whether earlier calls
 * have ended, so that both settings get the same number of calls.
 */
async function outage(variant: string, process: number): Promise<void> {
  // In a time window, earlier successes would outweigh the failures.
  await letLeave([breaker]);
  const phase = await lab.phase({ action: 'outage beside', variant });
  if (HANGS) await breakCalls(upstream, silence(upstream));
  else await failLate();
  let isOver = false;
  const looking = lookAtTheRest(phase, process, () => isOver);
  const callIt = () => call(endpoint, { phase, about: 'call' }, { process });
  const first = together(OPENING, callIt);
  // Without a breaker, there is nothing to wait for.
  if (process === 0) await first;
  const began = Date.now();
  const others = together(CALLS, async (index) => {
    await pauseUntil(began + index * EVERY_MS);
    await callIt();
  });
  await Promise.all([first, others]);
  isOver = true;
  await looking;
}

async function failLate(): Promise<void> {
  await slowDown(upstream, SLOW_MS);
  // The failure itself adds no delay to the latency.
  await breakCalls(upstream, quickFailure(breaker));
}

/**
 * Opens the breaker again, which may have become due for a trial since it opened, and measures the processor time that
 * failing calls use. The upstream fails at once, because a process that waits uses none.
 */
async function openAgain(): Promise<void> {
  const phase = await lab.phase({ action: 'cost beside' });
  await lab.heal(upstream);
  const before = await lab.arrivals(upstream);
  await breakCalls(upstream, quickFailure(breaker));
  const callIt = () => call(endpoint, { phase, about: 'opening' });
  // If the last call of the outage was a trial, the breaker has just opened anew, and refuses all calls until the next.
  const isCalled = async () => {
    await callIt();
    return (await lab.arrivals(upstream)) > before;
  };
  await until(isCalled, recoverySeconds * 2_000 + 5_000);
  await times(OPENING - 1, callIt);
  if (context.cpu) await measureCost(phase);
}

/** Makes the same failing calls to both processes in turns, and measures the processor time of each round. */
async function measureCost(phase: Begun): Promise<void> {
  for (let pair = 0; pair < PAIRS; pair += 1) {
    for (const process of pair % 2 === 0 ? [0, 1] : [1, 0]) {
      const before = await readCpu(phase, process);
      await times(IN_ROUND, () => call(endpoint, { phase, about: 'costly' }, { process }));
      const used = (await readCpu(phase, process)) - before;
      cpuSeconds.add(used, { ...tagsOf({ phase }), variant: VARIANTS[process] ?? '', round: String(pair) });
    }
  }
}

async function recover(): Promise<void> {
  const phase = await lab.phase({ action: 'recovery beside', variant: 'with breakers' });
  await lab.heal(upstream);
  const isBack = async () => {
    const { status } = await call(endpoint, { phase, about: 'again' });
    return isServed(endpoint, status);
  };
  await until(isBack, recoverySeconds * 2_000 + 5_000);
}

async function lookAtTheRest(phase: Begun, process: number, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const began = Date.now();
    for (const name of untouched.filter(isWorking)) await call(name, { phase, about: 'untouched' }, { process });
    controlMs.add(await lab.control(), tagsOf({ phase }));
    await pause(began + LOOK_MS - Date.now());
  }
}

const readCpu = async (phase: Begun, process: number): Promise<number> =>
  context.cpu ? readGauge(context.cpu, { phase, about: 'cpu' }, process) : Number.NaN;

import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls, slowDown } from '../lib/break-calls.ts';
import { quickFailure } from '../lib/breaker.ts';
import { breakerUnderTest, context } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { RECOVERY } from '../lib/lasting.ts';
import { isRated, letLeave, settleSeconds } from '../lib/prime.ts';
import { call, isServed, readGauge, tagsOf } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { pause, pauseUntil, times, together, until } from '../lib/wait.ts';

export { handleSummary } from '../lib/summary.ts';

/** The settings for the service's processes, in order. */
const VARIANTS = ['with breakers', 'without breakers'];

const breaker = breakerUnderTest();

export const proof: Proof = {
  about:
    'Runs the same outage of an upstream with and without breakers, and compares waiting times, upstream calls, ' +
    'CPU time and recovery.',
  judges: 'benefit of ${breaker}',
  each: 'breaker',
  clients: 1,
  seconds: 12 + RECOVERY + (isRated(breaker) ? VARIANTS.length * settleSeconds(breaker) : 0),
  comparesTimes: true,
  conditions: ['no-rate-limits'],
  beside: [['no-rate-limits', 'no-breakers']],
  holds: ['steady-state', 'breaker-benefit', 'recovers'],
};

const { upstream, endpoint, untouched, recoverySeconds, opening } = breaker;

/** The failing upstream's latency, in milliseconds. */
const SLOW_MS = 300;
/** Maximum number of calls needed to open the breaker. */
const OPENING = Math.max(opening.successes + opening.failures, opening.alone ?? 0);
/** Number of calls during an outage, which is many more than it takes to open the breaker. */
const CALLS = Math.max(40, 4 * OPENING);
/** Milliseconds between two of these calls. The calls that open the breaker take a third of a time window. */
const EVERY_MS = Math.min(100, ((opening.windowSeconds ?? Number.POSITIVE_INFINITY) * 1_000) / (3 * OPENING));
/** Number of warm-up calls to each process, and milliseconds between two calls to the unaffected endpoints. */
const [WARM_UP, LOOK_MS] = [30, 80];

const cpuSeconds = new Trend('cpu_seconds');
/** Duration of a call that doesn't use the service, in milliseconds. This reflects the machine's current speed. */
const controlMs = new Trend('control_ms');

export const options: Options = {
  scenarios: { benefit: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
  thresholds: { iterations: ['count==1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  const phase = await lab.phase({ action: 'warm-up' });
  await times(WARM_UP, () => together(VARIANTS.length, (process) => call(endpoint, { phase }, { process })));
  for (const [process, variant] of VARIANTS.entries()) await goThrough(variant, process);
  await steady('steady again');
}

/**
 * Sends calls on a schedule, regardless of whether earlier ones have ended, so that both settings get the same number
 * of calls.
 */
async function goThrough(variant: string, process: number): Promise<void> {
  // In a time window, earlier successes would outweigh the failures.
  await letLeave([breaker]);
  const phase = await lab.phase({ action: 'outage beside', variant });
  await slowDown(upstream, SLOW_MS);
  // The failure itself adds no delay to the latency.
  await breakCalls(upstream, quickFailure(breaker));
  const before = await readCpu(phase, process);
  const began = Date.now();
  let isOver = false;
  const looking = lookAtTheRest(phase, process, () => isOver);
  await together(CALLS, async (index) => {
    await pauseUntil(began + index * EVERY_MS);
    await call(endpoint, { phase, about: 'call' }, { process });
  });
  isOver = true;
  await looking;
  if (context.cpu) cpuSeconds.add((await readCpu(phase, process)) - before, tagsOf({ phase }));

  const recovery = await lab.phase({ action: 'recovery beside', variant });
  await lab.heal(upstream);
  const isBack = async () => {
    const { status } = await call(endpoint, { phase: recovery, about: 'again' }, { process });
    return isServed(endpoint, status);
  };
  await until(isBack, recoverySeconds * 2_000 + 5_000);
}

async function lookAtTheRest(phase: Begun, process: number, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const began = Date.now();
    for (const name of untouched) await call(name, { phase, about: 'untouched' }, { process });
    controlMs.add(await lab.control(), tagsOf({ phase }));
    await pause(began + LOOK_MS - Date.now());
  }
}

const readCpu = async (phase: Begun, process: number): Promise<number> =>
  context.cpu ? readGauge(context.cpu, { phase, about: 'cpu' }, process) : Number.NaN;

import { Trend } from 'k6/metrics';
import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls, silence } from '../lib/break-calls.ts';
import { breakerUnderTest, promised } from '../lib/context.ts';
import { CALLS_AT_ONCE } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { CALL_TIMEOUT, RECOVERY } from '../lib/lasting.ts';
import { call, isServed, tagsOf } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { atMostFor, pause, times, together, until } from '../lib/wait.ts';
import { whileCalling } from '../lib/while-calling.ts';
import { isWorking } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'The upstream of a breaker hangs under load. Endpoints that do not need it stay as fast as before and after, and ' +
    'no call waits for a frozen service.',
  judges: 'isolation from outages of ${breaker}',
  each: 'breaker',
  clients: 1,
  seconds: 6 + CALL_TIMEOUT + RECOVERY,
  comparesTimes: true,
  holdsCalls: true,
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'untouched-stay-as-fast', 'untouched-never-wait', 'recovers'],
};

const { name, upstream, endpoint, untouched, opening, refusal, recoverySeconds, callTimeoutSeconds } =
  breakerUnderTest();
promised(untouched[0], `breakers.${name}.untouched`);

/**
 * Number of rounds in each phase. There are fewer while the breaker is open, so that they end before a trial is due in
 * the fast profile.
 */
const ROUNDS = { 'warm-up': 20, before: 72, hanging: 72, open: 60, after: 72 };
/** Minimum duration of a round, in milliseconds. */
const ROUND_MS = 20;
/** Number of concurrent callers. If all of their calls fail, the breaker opens. */
const FAILING = Math.max(opening.failures, opening.alone ?? 0);
/** They leave room for the untouched endpoints: one call on the schedule, and another one. */
const CALLERS = Math.min(FAILING, Math.max(1, CALLS_AT_ONCE - 2));
/** How long each upstream caller pauses between calls, in milliseconds. Together, the callers open the breaker. */
const REST_MS = 500;
/** Milliseconds between two calls on the schedule, so that several are due while a service is frozen for a second. */
const LOOK_MS = 25;
/** Maximum time for calls to a hanging upstream to fail and open the breaker, in milliseconds. */
const OPENS_WITHIN_MS =
  callTimeoutSeconds === undefined ? 120_000 : 10_000 + 3_000 * (callTimeoutSeconds + recoverySeconds);

/** Number of calls that meet refused connections. */
const REFUSED = 2;
/** Duration of a call that doesn't use the service, in milliseconds. This reflects the machine's current speed. */
const controlMs = new Trend('control_ms');

export default async function (): Promise<void> {
  await steady('steady', { each: [endpoint], any: untouched });
  await whileCalling(untouched.filter(isWorking), LOOK_MS, { about: 'look' }, goThrough);
  await steady('steady again');
}

async function goThrough(): Promise<void> {
  await measure('warm-up');
  await measure('before');
  await breakCalls(upstream, silence(upstream));
  const hanging = await measure('hanging');
  const isRefused = async () => {
    const statuses = await together(opening.windowSeconds === undefined ? 1 : CALLERS, () =>
      callOn(hanging, 'opening'),
    );
    return statuses.every((status) => status === refusal);
  };
  await until(isRefused, OPENS_WITHIN_MS);
  const open = await measure('open');
  await lab.heal(upstream);
  const isBack = async () => isServed(endpoint, await callOn(open, 'recovery'));
  await until(isBack, recoverySeconds * 2_000 + 5_000);
  await measure('after');
  await refuseConnections();
  await until(isBack, recoverySeconds * 2_000 + 5_000);
}

/** Lets a few calls meet an upstream that refuses connections. The calls on the schedule go on. */
async function refuseConnections(): Promise<void> {
  const refused = await lab.phase({ action: 'refused' });
  await breakCalls(upstream, { kind: 'refuse' });
  for (let turn = 0; turn < REFUSED; turn += 1) {
    await callOn(refused, 'refused');
    await pause(LOOK_MS);
  }
  await lab.heal(upstream);
}

const callOn = async (phase: Begun, about: 'load' | 'opening' | 'recovery' | 'refused'): Promise<number> =>
  (await call(endpoint, { phase, about })).status;

/**
 * Calls the endpoints that don't need the upstream, one after another, while other callers call the upstream. The times
 * of these calls don't depend on how busy the generator is, so that medians can be compared.
 */
async function measure(action: keyof typeof ROUNDS): Promise<Begun> {
  const phase = await lab.phase({ action });
  let isOver = false;
  const rounds = times(ROUNDS[action], async () => {
    const began = Date.now();
    for (const unaffected of untouched.filter(isWorking)) await call(unaffected, { phase, about: 'untouched' });
    controlMs.add(await lab.control(), tagsOf({ phase }));
    await pause(began + ROUND_MS - Date.now());
  }).then(() => {
    isOver = true;
  });
  const callers = together(CALLERS, async (index) => {
    await atMostFor((index * REST_MS) / CALLERS, rounds);
    while (!isOver) {
      await callOn(phase, 'load');
      await atMostFor(REST_MS, rounds);
    }
  });
  await Promise.all([rounds, callers]);
  return phase;
}

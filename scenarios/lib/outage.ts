import { Rate } from 'k6/metrics';
import { callUntilServed, quickFailure } from './breaker.ts';
import { type Breaker, context, type Fault, find } from './context.ts';
import { failureRow } from './failures.ts';
import { lab } from './lab.ts';
import { CALL_TIMEOUT, RECOVERY } from './lasting.ts';
import { noteRefusal } from './refusals.ts';
import { call, readGauge } from './service.ts';
import { steady } from './steady.ts';
import { pause, pauseUntil, times, together } from './wait.ts';

/** Latency of a failing upstream in milliseconds: well above the noise, so that a wait for it is visible. */
const SLOW_MS = 600;
/** Simultaneous calls: as many as the database pool and its queue accept, so that nothing else refuses them. */
const MANY = context.pool ? Math.min(20, context.pool.max + (context.pool.queueMax ?? 20)) : 20;

/**
 * Milliseconds after the recovery timeout at which the script asks for the trial: the timer of the service may be late.
 */
const LATE_MS = 600;

/** Share of the recovery timeout between the last failure and those before it. */
const A_WHILE = 1.1;

const openingsCounted = new Rate('openings_counted');

/** The checkers of an outage of one upstream. */
export const OUTAGE_HOLDS = [
  'steady-state',
  'breaker-stays-closed',
  'breaker-opens',
  'breaker-refuses-at-once',
  'breaker-says-when',
  'not-served-while-open',
  'outage-isolated',
  'breaker-admits-one-trial',
  'breaker-reopens',
  'breaker-closes',
  'transitions-logged',
  'recovers',
];

/** Two openings; one of the first failures may hang, and the last one comes after a pause. */
export const OUTAGE_SECONDS = 6 + CALL_TIMEOUT + (2 + A_WHILE) * RECOVERY;

/** Returns the thresholds of an outage: the service counts its openings. */
export function outageThresholds({ openings }: Breaker) {
  return {
    iterations: ['count==1'],
    ...(openings && { openings_counted: ['rate==1'] }),
  };
}

/**
 * Runs one outage of the upstream behind a breaker: from a healthy service over two openings and a failed trial to
 * recovery. Each phase awaits all of its calls, so that upstream requests can be assigned to phases.
 */
export async function outage(breaker: Breaker): Promise<void> {
  const { upstream, endpoint } = breaker;

  await steady('steady');

  await failBelowThreshold(breaker, 'below', 1);
  await failBelowThreshold(breaker, 'below again', 2);

  await lab.phase('opening');
  await lab.fault(upstream, { kind: 'latency', milliseconds: SLOW_MS });
  await failUntilOpen(breaker);
  const opened = Date.now();

  await lab.phase('open, elsewhere');
  await callElsewhere(breaker, opened);

  await lab.phase('open');
  await callWhileOpen(breaker, opened);

  await lab.phase('half-open');
  await lab.fault(upstream, quickFailure(breaker));
  await pauseUntil(opened + breaker.recoverySeconds * 1_000 + LATE_MS);
  await together(MANY, () => call(endpoint, { phase: 'half-open' }));

  await lab.phase('reopened');
  await lab.heal(upstream);
  await callUntilServed(breaker, 'reopened');

  // Before any other success than that of the trial: it alone must reset the count.
  await failBelowThreshold(breaker, 'below after recovery', 1);

  await lab.phase('closed');
  await together(MANY, () => call(endpoint, { phase: 'closed' }));

  await lab.phase('end');
  await readOpenings(breaker);

  await steady('steady again');
}

/** Records whether the breaker opened twice: by consecutive failures, and by a failed trial. */
async function readOpenings({ openings }: Breaker): Promise<void> {
  if (!openings) return;
  openingsCounted.add((await readGauge(openings, { phase: 'end' })) === 2);
}

/** Makes threshold − 1 consecutive failures of several kinds, and then a success. */
async function failBelowThreshold(breaker: Breaker, phase: string, first: number) {
  const { upstream, endpoint, threshold } = breaker;
  const failures = failureRow(breaker.failures, threshold - 1, first);
  await lab.phase(phase);
  await times(threshold - 1, async (index) => {
    await lab.fault(upstream, { ...(failures[index] as Fault), next: 1 });
    await call(endpoint, { phase });
  });
  await call(endpoint, { phase });
}

/**
 * Makes as many consecutive failures as the threshold, of different kinds and through every endpoint that reaches the
 * upstream. The last comes after a pause: consecutive failures have no time limit.
 */
async function failUntilOpen(breaker: Breaker): Promise<void> {
  const { upstream, threshold, recoverySeconds } = breaker;
  const failures = failureRow(breaker.failures, threshold);
  const through = Object.keys(context.endpoints).filter((name) => reaches(name, upstream));
  await times(threshold, async (index) => {
    if (index === threshold - 1) await pause(recoverySeconds * 1_000 * A_WHILE);
    await lab.fault(upstream, { ...(failures[index] as Fault), next: 1 });
    await call(through[index % through.length] as string, { phase: 'opening' });
  });
}

const reaches = (endpoint: string, upstream: string): boolean =>
  find(context.endpoints, endpoint).reaches.includes(upstream);

/** Share of the recovery timeout for calls of endpoints without a breaker. */
const ELSEWHERE = 0.3;

/** Calls endpoints that need the upstream of the open breaker and have no breaker themselves, while there is time. */
async function callElsewhere({ name, upstream, recoverySeconds }: Breaker, opened: number): Promise<void> {
  const own = Object.values(context.breakers).map(({ endpoint }) => endpoint);
  const others = Object.keys(context.endpoints).filter((one) => !own.includes(one) && reaches(one, upstream));
  for (const one of others) {
    if (Date.now() > opened + recoverySeconds * 1_000 * ELSEWHERE) return;
    await call(one, { phase: 'open, elsewhere', about: name });
  }
}

/** Calls everything while the breaker is open, and then its own endpoint until shortly before the timeout. */
async function callWhileOpen({ name, endpoint, refusal, recoverySeconds }: Breaker, opened: number) {
  const refused = async () => {
    const response = await call(endpoint, { phase: 'open', about: 'breaker' });
    if (response.status === refusal) noteRefusal(response, { phase: 'open' });
  };
  await times(3, refused);
  await together(MANY, refused);
  for (const [other, { endpoint: its }] of Object.entries(context.breakers)) {
    if (other !== name) await times(3, () => call(its, { phase: 'open', about: other }));
  }
  const { health } = context;
  if (health !== undefined) await times(3, () => call(health, { phase: 'open', about: 'health' }));
  while (Date.now() < opened + recoverySeconds * 850) {
    await refused();
    await pause(recoverySeconds * 20);
  }
}

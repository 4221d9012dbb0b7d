import { Rate } from 'k6/metrics';
import { callUntilServed, quickFailure } from './breaker.ts';
import { type Breaker, context, type Fault, find, findBreaker } from './context.ts';
import { failureRow } from './faults/fault-kinds.ts';
import { lab } from './lab.ts';
import { CALL_TIMEOUT, RECOVERY } from './lasting.ts';
import { noteRefusal } from './refusals.ts';
import { call, readGauge } from './service.ts';
import { steady } from './steady.ts';
import { pause, pauseUntil, times, together } from './wait.ts';

/** Milliseconds that a failing upstream takes to answer: well above the noise, so that a wait for it can be told. */
const SLOW_MS = 600;
/** Simultaneous calls: as many as the database pool and its queue take, so that nothing else refuses any of them. */
const MANY = context.pool ? Math.min(20, context.pool.max + (context.pool.queueMax ?? 20)) : 20;

/** Milliseconds after the recovery timeout at which the trial is asked for: the service's timer may run late. */
const LATE_MS = 600;

/** Of the recovery timeout: how long after the failures before it the last of a row comes. */
const A_WHILE = 1.1;

const openingsCounted = new Rate('openings_counted');

/** What an outage of one upstream shows. */
export const OUTAGE_HOLDS = [
  ...['steady-state', 'breaker-stays-closed', 'breaker-opens', 'breaker-refuses-at-once', 'breaker-says-when'],
  ...['not-served-while-open', 'outage-isolated', 'breaker-admits-one-trial', 'breaker-reopens', 'breaker-closes'],
  ...['transitions-logged', 'recovers'],
];

/** Two openings; a failure that hangs may be among those of the first, and the last of these comes after a while. */
export const OUTAGE_SECONDS = 6 + CALL_TIMEOUT + (2 + A_WHILE) * RECOVERY;

/** Thresholds of an outage: openings are counted. */
export function outageThresholds(name: string) {
  const { openings } = findBreaker(name);
  return {
    iterations: ['count==1'],
    ...(openings && { openings_counted: ['rate==1'] }),
  };
}

/**
 * One outage of the upstream behind a breaker, from a healthy service over two openings and a failed trial to recovery.
 * Each phase awaits all of its calls, so that what arrives at the upstream can be told apart by phase.
 */
export async function outage(name: string): Promise<void> {
  const breaker = findBreaker(name);
  const { upstream, endpoint } = breaker;

  await steady('steady');

  await failBelowThreshold(breaker, 'below', 1);
  await failBelowThreshold(breaker, 'below again', 2);

  await lab.phase('opening');
  await lab.fault(upstream, { kind: 'latency', milliseconds: SLOW_MS });
  await failUntilOpen(breaker);
  const opened = Date.now();

  await lab.phase('open, elsewhere');
  await callElsewhere(name, breaker, opened);

  await lab.phase('open');
  await callWhileOpen(name, breaker, opened);

  await lab.phase('half-open');
  await lab.fault(upstream, quickFailure(breaker));
  await pauseUntil(opened + breaker.recoverySeconds * 1_000 + LATE_MS);
  await together(MANY, () => call(endpoint, { phase: 'half-open' }));

  await lab.phase('reopened');
  await lab.heal(upstream);
  await callUntilServed(breaker, 'reopened');

  // Before any success but the trial's: it alone sets the count back.
  await failBelowThreshold(breaker, 'below after recovery', 1);

  await lab.phase('closed');
  await together(MANY, () => call(endpoint, { phase: 'closed' }));

  await lab.phase('end');
  await readOpenings(breaker);

  await steady('steady again');
}

/** The breaker has opened twice: by failures in a row, and by a failed trial. */
async function readOpenings({ openings }: Breaker): Promise<void> {
  if (!openings) return;
  openingsCounted.add((await readGauge(openings, { phase: 'end' })) === 2);
}

/** threshold − 1 failures in a row, of several kinds, and then a success. */
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
 * As many failures in a row as the threshold, each of another kind, through every endpoint that reaches the upstream. The last comes
 * after a while: a row has no time limit.
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

/** Of the recovery timeout: as long as endpoints that have no breaker of their own are asked. */
const ELSEWHERE = 0.3;

/** Calls of endpoints that need the upstream of the open breaker, and are no breaker's own, while there is time for them. */
async function callElsewhere(name: string, { upstream, recoverySeconds }: Breaker, opened: number): Promise<void> {
  const own = Object.values(context.breakers).map(({ endpoint }) => endpoint);
  const others = Object.keys(context.endpoints).filter((one) => !own.includes(one) && reaches(one, upstream));
  for (const one of others) {
    if (Date.now() > opened + recoverySeconds * 1_000 * ELSEWHERE) return;
    await call(one, { phase: 'open, elsewhere', about: name });
  }
}

/** Calls of every kind while the breaker is open, and then of its own endpoint until shortly before its timeout. */
async function callWhileOpen(name: string, { endpoint, refusal, recoverySeconds }: Breaker, opened: number) {
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

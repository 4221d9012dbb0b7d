import { Rate } from 'k6/metrics';
import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { eachAlone } from './alone.ts';
import { breakCalls, slowDown } from './break-calls.ts';
import { callUntilKeptAway, callUntilServed, probe, quickFailure } from './breaker.ts';
import { type Breaker, context, type Fault, healthEndpoints, reaching } from './context.ts';
import { failureRow, isQuick } from './failures.ts';
import { callInCrowd, crowdOf } from './held-calls.ts';
import { lab } from './lab.ts';
import { CALL_TIMEOUT, RECOVERY } from './lasting.ts';
import { roomWithQueueOf } from './pool.ts';
import { isRated, letLeave, prime, settleSeconds } from './prime.ts';
import { noteRefusal } from './refusals.ts';
import { call, readGauge } from './service.ts';
import { steady } from './steady.ts';
import { close, closeWithFailures, fallShort, hasSeveralTrials, mayFallShort } from './trials.ts';
import { atMost, pause, pauseUntil, times } from './wait.ts';
import { isWorking } from './working.ts';

/**
 * A failing upstream's latency, in milliseconds. It is well above the noise, so that waiting for the upstream is
 * visible.
 */
const SLOW_MS = 600;
/**
 * Number of concurrent calls: as many as the database pool and its queue accept, so that only the breaker rejects them.
 */
const MANY = Math.min(20, context.pool ? roomWithQueueOf(context.pool) : 20);
/**
 * Number of concurrent calls whose times are judged. On a busy machine, more calls would delay each other, as if the
 * breaker were slow.
 */
const FEW = Math.min(5, MANY);

/** When the script makes the trial, in milliseconds after the recovery timeout. The service's timer may be late. */
const LATE_MS = 600;

/** Maximum number of failures for a breaker that doesn't open, as a multiple of the promised number. */
const FURTHER = 3;

/** Time between the last failure and the ones before it, as a multiple of the recovery timeout. */
const A_WHILE = 1.1;

const HALF_OPEN = { action: 'half-open' } as const;

/** A row of failures that must not open the breaker. */
type Below = PlannedAction<'below' | 'below again' | 'below after a while'>;

/**
 * Returns the rows of failures before the outage. To be brief, there is one, unless a time window would have to be emptied
 * after it.
 */
function rowsBelow(breaker: Breaker): Below[] {
  if (context.isBrief) return isTimed(breaker) ? [] : [{ action: 'below' }];
  return [
    { action: 'below' },
    { action: 'below again' },
    ...(mayFailAfterWindow(breaker) ? [{ action: 'below after a while' } as const] : []),
  ];
}

const TOO_FEW = { action: 'one good trial too few' } as const;
const AT_MINIMUM = { action: 'at the minimum' } as const;

/** Whether the script lets too few trials succeed, and whether it opens the breaker at the minimum of its window. */
const hasTooFew = (breaker: Breaker): boolean => mayFallShort(breaker) && !context.isBrief;
const hasMinimum = (breaker: Breaker): boolean => isRated(breaker) && !context.isBrief;

/** Returns the phases of an outage that depend on the contract, or that other scripts have without it. */
export const outagePlan = (breaker: Breaker): PlannedAction[] => [
  ...rowsBelow(breaker),
  HALF_OPEN,
  ...(hasTooFew(breaker) ? [TOO_FEW] : []),
  ...(hasMinimum(breaker) ? [AT_MINIMUM] : []),
];

const openingsCounted = new Rate('openings_counted');

/** Returns the checkers for an outage of a single upstream. */
export const outageHolds = (breaker: Breaker): string[] => [
  ...(beginsSteady(breaker) ? ['steady-state'] : []),
  'breaker-stays-closed',
  'breaker-covers-endpoints',
  'breaker-opens',
  'breaker-refuses-at-once',
  'breaker-says-when',
  'breaker-refusals',
  'not-served-while-open',
  'outage-isolated',
  'trial-by-own-calls',
  'breaker-admits-one-trial',
  'trial-waited-for',
  'breaker-reopens',
  'breaker-closes',
  'breaker-counts-anew',
  'outage-with-retries',
  'transitions-logged',
  'recovers',
];

/**
 * Returns the duration in seconds. The breaker opens twice, one of the first failures may hang, and the last one comes
 * after a pause. A breaker opens another time if it opens by rate, and another time if it needs several successful
 * trials. A time window is emptied five times.
 */
export function outageSeconds(breaker: Breaker): number {
  const { opening, recoverySeconds } = breaker;
  if (context.isBrief) return 3 + (opening.failures * slowMs(breaker)) / 1_000 + 2.3 * recoverySeconds;
  return (
    6 +
    CALL_TIMEOUT +
    (2 + A_WHILE) * RECOVERY +
    (hasTooFew(breaker) ? RECOVERY : 0) +
    (isRated(breaker) ? RECOVERY + 5 * settleSeconds(breaker) : 0)
  );
}

/**
 * Whether the script begins by calling all endpoints. To be brief, it does not if these calls would have to leave a time
 * window first: the window of a new process is empty.
 */
const beginsSteady = (breaker: Breaker): boolean => !(context.isBrief && context.startedByLab && isTimed(breaker));

const isTimed = (breaker: Breaker): boolean => isRated(breaker) && breaker.opening.windowSeconds !== undefined;

/** Returns the thresholds for an outage. They check the service's own count of breaker openings, if it has one. */
export function outageThresholds({ openings }: Breaker) {
  return {
    iterations: ['count==1'],
    ...(openings && { openings_counted: ['rate==1'] }),
  };
}

/**
 * Runs one outage of the upstream behind a breaker: from a healthy service to recovery, with the breaker opening twice
 * because of a failed trial. Each phase awaits all of its calls, so that upstream requests can be attributed to phases.
 */
export async function outage(breaker: Breaker): Promise<void> {
  const { upstream, endpoint } = breaker;

  if (beginsSteady(breaker)) await steady('steady', { each: [endpoint] });

  for (const [index, planned] of rowsBelow(breaker).entries()) {
    if (planned.action === 'below after a while') await failAfterWindow(breaker, planned);
    else await failOneLess(breaker, planned, index + 1);
  }

  const opening = await lab.phase({ action: 'opening', ...(await prime([breaker], !beginsSteady(breaker))) });
  await slowDown(upstream, slowMs(breaker));
  await failUntilOpen(breaker, opening);
  // If the breaker is not open yet, further failures show when it opens.
  const most = breaker.opening.failures * (FURTHER - 1);
  const after = await lab.phase({ when: 'after', of: opening.id });
  const { ended: opened, reached: further } = await callUntilKeptAway(breaker, most, { phase: after });
  await lab.heal(upstream);
  await slowDown(upstream, slowMs(breaker));

  await callElsewhere(breaker, opened, await lab.phase({ action: 'open, elsewhere' }));
  await callWhileOpen(breaker, opened, await lab.phase({ action: 'open' }));

  await breakCalls(upstream, quickFailure(breaker));
  await pauseUntil(opened + breaker.recoverySeconds * 1_000 + LATE_MS);
  await callHealth(await lab.phase({ action: 'trial due' }));
  const halfOpen = await lab.phase(HALF_OPEN);
  await callInCrowd(endpoint, MANY, halfOpen);

  const reopened = await lab.phase({ action: 'reopened' });
  await lab.heal(upstream);
  await callUntilServed(breaker, reopened);
  if (hasTooFew(breaker)) await fallShort(breaker);
  if (hasSeveralTrials(breaker)) await closeWithFailures(breaker);

  // This comes before any other success, because the successful trial alone must reset the count or empty the window.
  if (hasMinimum(breaker)) await openAtMinimum(breaker);
  else if (!isRated(breaker)) await failOneLess(breaker, { action: 'below after recovery' }, 1);

  const closed = await lab.phase({ action: 'closed' });
  await callInCrowd(endpoint, MANY, closed);

  await readOpenings(breaker, await lab.phase({ action: 'end' }));
  if (further > 0) await eachAlone(breaker, rowOf(breaker, breaker.opening.failures), further);

  await steady('steady again');
}

/**
 * Records whether the service counted every opening: by failures, by a failed trial, at the minimum if the breaker
 * opens by rate, and by too few successful trials if it needs several.
 */
async function readOpenings(breaker: Breaker, phase: Begun): Promise<void> {
  const { openings } = breaker;
  if (!openings) return;
  const expected = 2 + [hasMinimum(breaker), hasTooFew(breaker)].filter(Boolean).length;
  openingsCounted.add((await readGauge(openings, { phase })) === expected);
}

/** Causes one consecutive failure too few to open the breaker, of several kinds, and then a success. */
async function failOneLess(
  breaker: Breaker,
  planned: PlannedAction<'below' | 'below again' | 'below after recovery'>,
  first: number,
): Promise<void> {
  const { endpoint, opening } = breaker;
  const phase = await lab.phase({ ...planned, ...(await prime([breaker])) });
  for (const fault of rowOf(breaker, opening.failures - 1, first)) await failOnce(breaker, endpoint, fault, phase);
  await call(endpoint, { phase });
}

/** Whether a failure and a success alone stay below the minimum number of calls in a time window. */
const mayFailAfterWindow = ({ opening }: Breaker): boolean =>
  opening.windowSeconds !== undefined && (opening.isCount || (opening.alone ?? 0) > 2);

/**
 * Causes one failure too few to open a breaker with a time window, waits until all failures have left the window, and
 * causes another one. That failure would open the breaker if the window still contained the old ones.
 */
async function failAfterWindow(breaker: Breaker, planned: Below): Promise<void> {
  const { endpoint, opening } = breaker;
  const phase = await lab.phase({ ...planned, ...(await prime([breaker])) });
  const fault = quickFailure(breaker);
  await times(opening.failures - 1, () => failOnce(breaker, endpoint, fault, phase));
  await letLeave([breaker]);
  await failOnce(breaker, endpoint, fault, phase);
  await call(endpoint, { phase });
}

/**
 * Makes the minimum number of calls in an empty window, all of which fail, so that the last one opens the breaker. If it
 * counts the failures in the window, a success comes before the last one, which must change nothing. A breaker with a
 * count-based window has just closed, which empties the window.
 */
async function openAtMinimum(breaker: Breaker): Promise<void> {
  const { endpoint, opening } = breaker;
  if (opening.windowSeconds !== undefined) await letLeave([breaker]);
  const phase = await lab.phase(AT_MINIMUM);
  await times((opening.alone ?? 0) - 1, () => failOnce(breaker, endpoint, quickFailure(breaker), phase));
  if (opening.isCount) await call(endpoint, { phase });
  await failOnce(breaker, endpoint, quickFailure(breaker), phase);
  await probe(breaker, await lab.phase({ when: 'after', of: phase.id }));
  await close(breaker, await lab.phase({ action: 'recovered' }));
}

async function failOnce({ upstream }: Breaker, endpoint: string, fault: Fault, phase: Begun): Promise<void> {
  await breakCalls(upstream, fault, 1);
  await call(endpoint, { phase });
}

/** Returns failures of several kinds. For a time window, and to be brief, they are quick. */
function rowOf({ failures, opening }: Breaker, length: number, first = 0): Fault[] {
  const quick = failures.filter(isQuick);
  const needsQuick = opening.windowSeconds !== undefined || (context.isBrief && quick.length > 0);
  return failureRow(needsQuick ? quick : failures, length, first);
}

/** Returns the failing upstream's latency in milliseconds. All calls in the row must end within half a time window. */
const slowMs = ({ opening }: Breaker): number =>
  Math.min(SLOW_MS, ((opening.windowSeconds ?? Number.POSITIVE_INFINITY) * 300) / opening.failures);

/**
 * Causes just enough consecutive failures to open the breaker, of different kinds and through every endpoint that
 * reaches the upstream. The last one comes after a pause, unless the script is brief, because only a time window limits
 * how far apart failures may be. Its fault lasts.
 */
async function failUntilOpen(breaker: Breaker, phase: Begun): Promise<void> {
  const { upstream, opening, recoverySeconds } = breaker;
  const failures = rowOf(breaker, opening.failures);
  const through = reaching(upstream);
  const seconds = opening.windowSeconds === undefined ? recoverySeconds * A_WHILE : opening.windowSeconds * 0.1;
  for (const [index, fault] of failures.entries()) {
    const isLast = index === opening.failures - 1;
    if (isLast && !context.isBrief) await pause(seconds * 1_000);
    await breakCalls(upstream, fault, isLast ? undefined : 1);
    await call(through[index % through.length] as string, { phase });
  }
}

/** The share of the recovery timeout to spend on calling endpoints without a breaker. */
const ELSEWHERE = 0.3;

/** Number of calls to each of these endpoints. */
const TURNS = 3;

/**
 * Calls endpoints that reach the open breaker's upstream but don't have a breaker themselves, one after another, as long
 * as there is time. They come first, because an endpoint that bypasses the breaker is seen only while it is open.
 */
async function callElsewhere(breaker: Breaker, opened: number, phase: Begun): Promise<void> {
  const own = Object.values(context.breakers).map(({ endpoint }) => endpoint);
  const others = reaching(breaker.upstream).filter((reachable) => !own.includes(reachable));
  await times(TURNS * others.length, async (index) => {
    if (Date.now() > opened + breaker.recoverySeconds * 1_000 * ELSEWHERE) return;
    await callWithin(breaker, others[index % others.length] as string, { phase, about: breaker.name });
  });
}

/** Calls the health endpoint, if there is one. Any other call would be the trial. */
async function callHealth(phase: Begun): Promise<void> {
  const { health } = context;
  if (health !== undefined) await call(health, { phase, about: 'health' });
}

/** Calls an endpoint while the breaker is open, and records its rejection. */
async function callWithin({ refusal, refusalAnswer }: Breaker, endpoint: string, tags: ScriptTags): Promise<void> {
  const response = await call(endpoint, tags);
  if (response.status === refusal) noteRefusal(response, { ...tags, endpoint }, refusalAnswer);
}

/**
 * Calls all endpoints while the breaker is open, and then the breaker's own endpoint until shortly before the timeout.
 */
async function callWhileOpen(breaker: Breaker, opened: number, phase: Begun): Promise<void> {
  const { name, endpoint, refusal, recoverySeconds } = breaker;
  const refused = async () => {
    const response = await call(endpoint, { phase, about: 'breaker' });
    if (response.status === refusal) noteRefusal(response, { phase }, breaker.refusalAnswer);
  };
  await times(3, refused);
  await atMost(crowdOf(endpoint, FEW), 2 * FEW, refused);
  for (const [other, { endpoint: otherEndpoint }] of Object.entries(context.breakers)) {
    if (other === name || !isWorking(otherEndpoint)) continue;
    await times(TURNS, () => callWithin(breaker, otherEndpoint, { phase, about: other }));
  }
  for (const health of healthEndpoints()) await times(3, () => call(health, { phase, about: 'health' }));
  while (Date.now() < opened + recoverySeconds * 850) {
    await refused();
    await pause(recoverySeconds * 20);
  }
}

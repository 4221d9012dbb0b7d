import { Counter } from 'k6/metrics';
import type { Begun, PlannedAction, RelatedPhase } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { breakCalls, slowDown } from '../lib/break-calls.ts';
import type { Breaker, Fault } from '../lib/context.ts';
import { isWaiting } from '../lib/failures.ts';
import {
  allFallbacks,
  type Fallback,
  type NamedFault,
  type QuickFailure,
  quickFailureOf,
  sparedBy,
} from '../lib/fallbacks.ts';
import { crowdOf } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { upstreamNamedIn } from '../lib/named-upstream.ts';
import { noteError } from '../lib/note-streams.ts';
import { prime } from '../lib/prime.ts';
import { call, TIMEOUT_SECONDS, tagsOf } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { planOf, type Step, step } from '../lib/steps.ts';
import { pause, pauseUntil, times, together, until } from '../lib/wait.ts';
import { working } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const FALLBACKS = allFallbacks();

/** The estimated durations of a call that fails at once and of one that waits, in seconds. */
const QUICK = 0.4;
const WAITING = 3;
/** Number of failing calls if the first upstream has no breaker, and of the calls that follow. */
const MANY = 10;
const FURTHER = 5;
/** When trials are made, in milliseconds after the recovery timeout, and how long they last. */
const LATE_MS = 300;
const SLOW_MS = 200;
/** How long to wait for a call of the first upstream, as a multiple of the promised time and in milliseconds. */
const PATIENCE = 3;
const PATIENCE_MS = 2_000;
/** Number of milliseconds within which a second call that was made at the same time arrives. */
const SOON_MS = 100;

export const proof: Proof = {
  about:
    'The first upstream of a fallback fails in every way for which the contract promises the next one. Then all upstreams ' +
    'fail, and then the first one for a long time. Calls go to the others in the promised order, return to the first one once it ' +
    'has recovered, and name the upstream that answered.',
  judges: 'fallbacks',
  clients: 1,
  seconds: 2 + FALLBACKS.reduce((sum, fallback) => sum + secondsOf(fallback), 0),
  patienceSeconds: FALLBACKS.reduce((sum, { on, never, order }) => {
    return sum + (on.length + never.length + order.length + 1) * TIMEOUT_SECONDS;
  }, 0),
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'falls-back',
    'fallback-told',
    'fallback-returns',
    'fallback-breakers-apart',
    'fallback-reopens',
    'fallback-spares-breaker',
    'recovers',
  ],
  plan: planOf(FALLBACKS.flatMap(stepsOf)),
};

function secondsOf({ on, never, order, breaker, returnsWithinSeconds }: Fallback): number {
  const calls = [...on, ...never].reduce((sum, { fault }) => sum + (isWaiting(fault) ? WAITING : QUICK), 0);
  const all = on.some(({ fault }) => isWaiting(fault)) ? order.length * WAITING : 0;
  return calls + all + (order.length + 3 * (breaker ? sparedBy(breaker).length : 0)) * QUICK + 3 * returnsWithinSeconds;
}

export default async function (): Promise<void> {
  await steady('steady', { any: FALLBACKS.map(({ endpoint }) => endpoint) });
  for (const fallback of working(FALLBACKS)) {
    for (const { act } of stepsOf(fallback)) {
      // If the first upstream is no longer called, the next steps would show nothing.
      if (!(await act())) break;
    }
  }
  await steady('steady again');
}

/**
 * Returns what happens to an endpoint's upstreams, one after another. A step ends when the first upstream is called
 * again, and returns whether it was.
 */
function stepsOf(fallback: Fallback): Step<boolean>[] {
  const { on, never, order, first, breaker } = fallback;
  const quick = quickFailureOf(fallback);
  // Each upstream needs a timeout, not only the first one.
  const waiting = on.find(({ fault }) => isWaiting(fault));
  const moreAndMore = order.slice(1).map((_, index) => order.slice(0, index + 2));
  return [
    ...on.map((failure) => failOnce(fallback, failure, [first], 'fallback')),
    ...moreAndMore.flatMap((failing) => (quick ? [failOnce(fallback, quick, failing, 'fallback')] : [])),
    ...(waiting ? [failOnce(fallback, waiting, order, 'fallback')] : []),
    ...never.map((failure) => failOnce(fallback, failure, [first], 'no fallback')),
    ...(quick ? [failForLong(fallback, quick)] : []),
    ...(breaker ? sparedBy(breaker).map((error) => err(fallback, breaker, error)) : []),
  ];
}

/** Makes one call while these upstreams fail. */
function failOnce(
  fallback: Fallback,
  { name, fault }: NamedFault,
  failing: readonly string[],
  action: 'fallback' | 'no fallback',
): Step<boolean> {
  const planned = { action, fault: name, failing, endpoint: fallback.endpoint };
  return step(planned, () => failWith(fallback, fault, planned));
}

async function failWith(
  fallback: Fallback,
  fault: Fault,
  planned: PlannedAction<'fallback' | 'no fallback'>,
): Promise<boolean> {
  const { breaker } = fallback;
  const { failing } = planned;
  const primed = breaker && (await prime([breaker]));
  const phase = await lab.phase({ ...planned, ...primed });
  for (const upstream of failing) await breakCalls(upstream, fault);
  noteNamedUpstream(fallback, await ask(fallback, phase, 'failing'), { phase, about: 'failing' });
  await pause(SOON_MS);
  return comeBack(fallback, { when: 'after', of: phase.id }, failing);
}

const namedUpstreams = new Counter('answers_told');

async function ask({ endpoint }: Fallback, phase: Begun, about: 'failing' | 'again') {
  const response = await call(endpoint, { phase, about });
  noteError(endpoint, response, { phase });
  return response;
}

/** Records who made an answer, as it says. */
function noteNamedUpstream({ namedBy }: Fallback, response: Awaited<ReturnType<typeof ask>>, tags: ScriptTags): void {
  if (namedBy) namedUpstreams.add(1, { ...tagsOf(tags), told: upstreamNamedIn(response, namedBy) });
}

/** Heals upstreams and calls until the first one of the fallback is called. Returns whether it was. */
async function comeBack(fallback: Fallback, after: RelatedPhase, failing: readonly string[]): Promise<boolean> {
  const { first, returnsWithinSeconds } = fallback;
  const phase = await lab.phase(after);
  for (const upstream of failing) await lab.heal(upstream);
  const before = await lab.arrivals(first);
  const isBack = async () => {
    const response = await ask(fallback, phase, 'again');
    const isCalled = (await lab.arrivals(first)) > before;
    if (isCalled) noteNamedUpstream(fallback, response, { phase, about: 'again' });
    else await pause(returnsWithinSeconds * 20);
    return isCalled;
  };
  return until(isBack, returnsWithinSeconds * PATIENCE * 1_000 + PATIENCE_MS);
}

/** Lets the first upstream fail until its breaker has opened, or for many calls if it has none. */
function failForLong(fallback: Fallback, { fault, isCounted }: QuickFailure): Step<boolean> {
  const opens = isCounted ? fallback.breaker : undefined;
  const { outage, open, halfOpen } = longOutage(fallback);
  return { plan: opens ? [outage, open, halfOpen] : [outage], act: () => failUntilOpen(fallback, fault, opens) };
}

/** Returns the phases of a long outage: until the breaker of the first upstream opens, and until its trial. */
function longOutage({ endpoint }: Fallback) {
  return {
    outage: { action: 'fallback outage', endpoint },
    open: { action: 'fallback open', endpoint },
    halfOpen: { action: 'fallback half-open', endpoint },
  } as const;
}

async function failUntilOpen(fallback: Fallback, fault: Fault, opens: Breaker | undefined): Promise<boolean> {
  const { first } = fallback;
  const primed = opens && (await prime([opens]));
  const phase = await lab.phase({ ...longOutage(fallback).outage, ...primed });
  await breakCalls(first, fault);
  await times(opens?.opening.failures ?? MANY, () => ask(fallback, phase, 'failing'));
  if (opens) await failWhileOpen(fallback, opens);
  return comeBack(fallback, { when: 'after', of: phase.id }, [first]);
}

/** Makes calls while the breaker of the first upstream is open, and many at once when it allows a trial. It fails. */
async function failWhileOpen(fallback: Fallback, { recoverySeconds }: Breaker): Promise<void> {
  const { first } = fallback;
  const planned = longOutage(fallback);
  const opened = Date.now();
  const open = await lab.phase(planned.open);
  await times(FURTHER, () => ask(fallback, open, 'failing'));
  await pauseUntil(opened + recoverySeconds * 1_000 + LATE_MS);
  const halfOpen = await lab.phase(planned.halfOpen);
  await slowDown(first, SLOW_MS);
  await together(crowdOf(fallback.endpoint, MANY), () => ask(fallback, halfOpen, 'failing'));
}

/** Makes calls with an error that is not a failure of the upstream. It must not open the breaker. */
function err(fallback: Fallback, breaker: Breaker, { name, fault }: NamedFault): Step<boolean> {
  const planned = { action: 'fallback spares', fault: name, endpoint: fallback.endpoint } as const;
  return step(planned, () => errAs(planned, fallback, breaker, fault));
}

async function errAs(
  planned: PlannedAction<'fallback spares'>,
  fallback: Fallback,
  breaker: Breaker,
  fault: Fault,
): Promise<boolean> {
  const { endpoint, first } = fallback;
  const phase = await lab.phase({ ...planned, ...(await prime([breaker])) });
  await breakCalls(first, fault);
  await times(breaker.opening.failures, () => call(endpoint, { phase, about: 'failing' }));
  const after = await lab.phase({ when: 'after', of: phase.id });
  await lab.heal(first);
  await call(endpoint, { phase: after, about: 'again' });
  return comeBack(fallback, { when: 'recovery from', of: phase.id }, []);
}

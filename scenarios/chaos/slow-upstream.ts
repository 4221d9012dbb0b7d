import type { Begun, PlannedPhase } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { answerLate, breakCalls, breakEach, silence, slowDown, whileBroken } from '../lib/break-calls.ts';
import { beginCall, breakersWithTimeout, failTogether, probe } from '../lib/breaker.ts';
import { type Breaker, context, failedBy, find, type Path } from '../lib/context.ts';
import { poseAfter, posesAfter } from '../lib/impostors.ts';
import { lab } from '../lib/lab.ts';
import { CALL_TIMEOUT, RECOVERY } from '../lib/lasting.ts';
import { prime } from '../lib/prime.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { isStream } from '../lib/streams.ts';
import { close } from '../lib/trials.ts';
import { atMostFor, together } from '../lib/wait.ts';
import { isWorking } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const BREAKERS = breakersWithTimeout();
/** The trouble after which bad certificates are presented. */
const TROUBLE = 'timeouts';

export const proof: Proof = {
  about:
    'An upstream responds just before the timeout, after it, byte by byte, and never. Late responses time out and count ' +
    'as failures, and a hung trial reopens the breaker. After that, certificates are still verified.',
  judges: 'upstream timeouts',
  clients: 1,
  seconds: 2 + BREAKERS.length * (3 * CALL_TIMEOUT + 2 * RECOVERY),
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'upstream-attempts',
    'slow-upstream-bounded',
    'hung-trial-given-up',
    'impostor-gets-nothing',
    'recovers',
  ],
  plan: BREAKERS.flatMap(([{ name, upstream }]): PlannedPhase[] => [
    ...(['in time', 'too late', 'hung trial'] as const).map((action) => ({ action, breaker: name })),
    ...posesAfter(TROUBLE, pathsTo(upstream)),
  ]),
};

/** Multiples of the timeout, far enough from 1 that a busy machine makes no difference. */
const IN_TIME = 0.6;
const TOO_LATE = 2;
/** The time between two bytes, as a share of a delay. A body has many bytes, so it takes even longer. */
const DRIPPED = 0.15;
/** Multiple of the timeout after which the script stops waiting for a hanging trial. */
const GIVE_UP = 2.5;

export default async function (): Promise<void> {
  await steady('steady', { any: BREAKERS.map(([{ endpoint }]) => endpoint) });
  for (const [breaker, timeoutMs] of BREAKERS.filter(([{ endpoint }]) => isWorking(endpoint))) {
    const isStreamed = await answerInTime(breaker, timeoutMs);
    await answerTooLate(breaker, timeoutMs, isStreamed);
    if (!breaker.mayOpenByTimeouts) await openAtOnce(breaker);
    await hangInTrial(breaker, timeoutMs);
    await poseAfter(TROUBLE, pathsTo(breaker.upstream));
  }
  await steady('steady again');
}

/** Returns the endpoints to call: those that fail without the upstream. The calls of a stream have other timeouts. */
function endpointsOf(upstream: string): string[] {
  const through = failedBy(upstream);
  const plain = through.filter((name) => find(context.endpoints, name).stream === undefined);
  return plain.length > 0 ? plain : through;
}

function pathsTo(upstream: string): Path[] {
  return endpointsOf(upstream).map((endpoint) => ({ endpoint, upstream }));
}

/** Calls these endpoints in turn. */
function callEach(n: number, upstream: string, phase: Begun) {
  const through = endpointsOf(upstream);
  return whileBroken(upstream, n, (index) => call(through[index % through.length] as string, { phase }));
}

/** Calls each endpoint that will be called too late. Returns whether one of the answers is a stream. */
async function answerInTime({ name, upstream, opening }: Breaker, timeoutMs: number): Promise<boolean> {
  const phase = await lab.phase({ action: 'in time', breaker: name });
  const calls = needsBody(upstream) ? Math.max(2, Math.min(endpointsOf(upstream).length, opening.failures)) : 2;
  await slowDown(upstream, timeoutMs * IN_TIME, calls);
  return (await callEach(calls, upstream, phase)).some(isStream);
}

/** Makes just enough simultaneous calls time out to open the breaker. After that, the upstream must not be called. */
async function answerTooLate(breaker: Breaker, timeoutMs: number, isStreamed: boolean): Promise<void> {
  const { name, upstream, opening } = breaker;
  const phase = await lab.phase({ action: 'too late', breaker: name, ...(await prime([breaker])) });
  const makeLate = needsBody(upstream) && !isStreamed ? answerSlowly : answerLate;
  await makeLate(upstream, timeoutMs * TOO_LATE, opening.failures);
  await callEach(opening.failures, upstream, phase);
  await probe(breaker, await lab.phase({ when: 'after', of: phase.id }));
}

const needsBody = (upstream: string): boolean => find(context.upstreams, upstream).needsBody;

/**
 * Makes responses late: half of them begin late, and the others are sent byte by byte, so that no read takes long. This
 * does not delay services that pass on a stream, or that don't need the body.
 */
function answerSlowly(upstream: string, milliseconds: number, next: number): Promise<void> {
  const everyMilliseconds = Math.round(milliseconds * DRIPPED);
  const faults = [
    { kind: 'latency', milliseconds },
    { kind: 'drip', everyMilliseconds },
  ];
  return breakEach(upstream, faults, next);
}

/** Opens a breaker with failures that take no time. Timeouts would have left its window before they count. */
async function openAtOnce(breaker: Breaker): Promise<void> {
  const phase = await lab.phase({ action: 'opening', ...(await prime([breaker])) });
  await failTogether(breaker, breaker.opening.failures, phase);
}

/** Makes every trial hang. Later calls reach a healthy upstream. */
async function hangInTrial(breaker: Breaker, timeoutMs: number): Promise<void> {
  const phase = await lab.phase({ action: 'hung trial', breaker: breaker.name });
  const { answered: first } = await beginCall(breaker, { phase, about: 'trial' }, [silence(breaker.upstream)]);
  // If there are several trials, a single failed one may not be enough to reopen the breaker.
  const others = (breaker.trying.most ?? 1) - 1;
  if (others > 0) await breakCalls(breaker.upstream, silence(breaker.upstream), others);
  const answered = Promise.all([first, together(others, () => call(breaker.endpoint, { phase, about: 'trial' }))]);
  await atMostFor(timeoutMs * GIVE_UP, answered);
  await close(breaker, await lab.phase({ when: 'after', of: phase.id }));
  await lab.heal(breaker.upstream);
  await answered;
}

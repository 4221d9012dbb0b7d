import type { Proof } from '../../harness/contract/proof.ts';
import { context, type Fault, find, pathsToUpstreams, promised } from '../lib/context.ts';
import { type FailingCall, failOnce, longEnough, phaseOf, promisesNoRows, untilClosed } from '../lib/failing-call.ts';
import { isWaiting } from '../lib/failures.ts';
import { poseAfter, posesAfter } from '../lib/impostors.ts';
import { lab } from '../lib/lab.ts';
import { CALL_TIMEOUT } from '../lib/lasting.ts';
import { forgettingSeconds } from '../lib/prime.ts';
import { TIMEOUT_SECONDS } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { working } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

/** Answers that an endpoint must pass on as they are, if it does so: with an error, broken, or broken off. */
const RELAYED: readonly { readonly name: string; readonly fault: Fault }[] = [
  { name: '503', fault: { kind: 'status', status: 503 } },
  { name: 'malformed-json', fault: { kind: 'malformed-json' } },
  { name: 'cut', fault: { kind: 'cut' } },
];

const CALLS = pathsToUpstreams().flatMap(({ endpoint, upstream }) => {
  const { budgetSeconds } = find(context.upstreams, upstream).calls;
  const promises = find(context.endpoints, endpoint).onFault.filter((promise) => promise.upstream === upstream);
  const isRelayed = find(context.endpoints, endpoint).relays.includes(upstream);
  const relayed = isRelayed ? RELAYED.filter(({ name }) => promises.every((promise) => promise.name !== name)) : [];
  return [
    ...promises.map(({ name, fault, withinSeconds }): FailingCall => {
      const promised = withinSeconds ?? budgetSeconds;
      return { endpoint, upstream, name, fault, seconds: promised && longEnough(promised) };
    }),
    ...relayed.map((failure): FailingCall => ({ endpoint, upstream, ...failure })),
  ];
});
promised(CALLS[0], 'answer to a fault (endpoints.NAME.onFault, or relays)');

/** The paths whose certificates are presented after the failures, and these failures in words. */
const PATHS = pathsToUpstreams().filter(({ endpoint, upstream }) =>
  CALLS.some((failing) => failing.endpoint === endpoint && failing.upstream === upstream),
);
const TROUBLE = 'failures';

/** The estimated durations of a call that fails at once and of one that waits, in seconds. */
const QUICK = 0.2;
const WAITING = CALL_TIMEOUT === 0 ? 3 : CALL_TIMEOUT + QUICK;

export const proof: Proof = {
  about:
    'Each upstream fails in every way for which the contract promises an answer, for as long as the call lasts. Callers ' +
    'get the promised answer, in time, and never a success instead of a failure. After that, certificates are still ' +
    'verified.',
  judges: 'answers while an upstream fails',
  clients: 1,
  seconds:
    2 +
    CALLS.reduce((sum, { fault }) => sum + (isWaiting(fault) ? WAITING : QUICK), 0) +
    forgettingSeconds([...CALLS, ...posesAfter(TROUBLE, PATHS)]),
  patienceSeconds: CALLS.reduce((sum, { seconds = TIMEOUT_SECONDS }) => sum + seconds, 0),
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'faults-answered',
    'faults-answered-in-time',
    'failed-calls-store-nothing',
    'timed-out-calls-end',
    'impostor-gets-nothing',
    'recovers',
  ],
  plan: [...CALLS.map(phaseOf), ...posesAfter(TROUBLE, PATHS)],
};

export default async function (): Promise<void> {
  await steady('steady', { any: CALLS.map(({ endpoint }) => endpoint) });
  for (const call of working(CALLS)) {
    if (!(await failOnce(call))) await untilClosed(call);
  }
  await poseAfter(TROUBLE, PATHS);
  await steady('steady again');
  if (promisesNoRows()) await lab.readLedger();
}

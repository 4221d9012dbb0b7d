import type { PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls } from '../lib/break-calls.ts';
import {
  type Breaker,
  context,
  describedBreakers,
  type Fault,
  find,
  isServedWithout,
  promised,
  streamedPaths,
} from '../lib/context.ts';
import { failOnce, phaseOf, untilClosed } from '../lib/failing-call.ts';
import { lab } from '../lib/lab.ts';
import { prime } from '../lib/prime.ts';
import { pauseOf, pausesOf, relay, relayedOf } from '../lib/relayed-streams.ts';
import { call, TIMEOUT_SECONDS } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { endedInTheMiddle, endless, type StreamFailure } from '../lib/stream-failures.ts';
import { close } from '../lib/trials.ts';
import { leaveUnread, unreadOf } from '../lib/unread-streams.ts';
import { times } from '../lib/wait.ts';
import { isWorking, working } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const STREAMS = streamedPaths();
promised(STREAMS[0], 'stream (endpoints.NAME.stream)');

const isAttemptedOnce = (upstream: string): boolean => find(context.upstreams, upstream).calls.attempts === 1;

/** Calls that meet each failure of each stream. */
const CALLS = STREAMS.flatMap(({ stream, endpoint, upstream }) =>
  [...endedInTheMiddle(upstream), ...endless(stream)].map((failure) => ({ endpoint, upstream, ...failure })),
);

/** The streams that are not read, and the promised number of megabytes. */
const UNREAD = STREAMS.flatMap(({ stream: { unreadMegabytes }, endpoint, upstream }) =>
  unreadMegabytes === undefined ? [] : [{ planned: unreadOf({ endpoint, upstream }), megabytes: unreadMegabytes }],
);

/** The streams whose pieces must arrive while they are sent. */
const RELAYED = STREAMS.filter(({ stream }) => stream.relaySeconds !== undefined);

/** The failures that the breakers of these upstreams must count. */
const ROUNDS = STREAMS.filter(({ upstream }) => isAttemptedOnce(upstream)).flatMap((path) =>
  describedBreakers()
    .filter(({ upstream, endpoint }) => upstream === path.upstream && !isServedWithout(endpoint, upstream))
    .flatMap((breaker) =>
      countedBy(breaker).map(({ name, fault }) => {
        const { endpoint, upstream } = path;
        const planned = { action: 'failing streams', upstream, fault: name, breaker: breaker.name, endpoint } as const;
        return { planned, breaker, fault };
      }),
    ),
);

function countedBy({ upstream, ignored, harmless }: Breaker): StreamFailure[] {
  const exempt = [...ignored, ...harmless].map(({ kind }) => kind);
  return endedInTheMiddle(upstream).filter(({ fault }) => !exempt.includes(fault.kind));
}

/** The estimated duration of a call that fails at once, and of a stream that is not read, in seconds. */
const QUICK = 0.3;
const LEFT_UNREAD = 2.5;

export const proof: Proof = {
  about:
    'Streams of an upstream are cut off, contain an error, end too early or never begin. Callers notice each failure in ' +
    'time, and breakers count it. Pieces arrive while they are sent. A caller who does not read uses little memory.',
  judges: 'streams',
  clients: 1,
  seconds:
    2 +
    STREAMS.reduce((sum, { upstream, stream: { firstEventSeconds = 0, stallSeconds = 0 } }) => {
      return sum + endedInTheMiddle(upstream).length * QUICK + 2 * firstEventSeconds + stallSeconds;
    }, 0) +
    UNREAD.length * LEFT_UNREAD +
    RELAYED.reduce((sum, path) => sum + (pausesOf(path) * pauseOf(path.stream)) / 1_000 + QUICK, 0) +
    ROUNDS.reduce((sum, { breaker }) => sum + breaker.recoverySeconds + QUICK, 0),
  patienceSeconds: CALLS.reduce((sum, { seconds = TIMEOUT_SECONDS }) => sum + seconds, 0),
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'streams-complete',
    'streams-tell-failure',
    'streams-bounded',
    'streams-relayed',
    'unread-streams-bounded',
    'streams-count-for-breaker',
    'recovers',
  ],
  plan: [
    ...CALLS.map(phaseOf),
    ...RELAYED.map(relayedOf),
    ...UNREAD.map(({ planned }) => planned),
    ...ROUNDS.map(({ planned }) => planned),
  ],
};

export default async function (): Promise<void> {
  await steady('steady', { any: STREAMS.map(({ endpoint }) => endpoint) });
  for (const failing of working(CALLS)) {
    if (!(await failOnce(failing))) await untilClosed(failing);
  }
  for (const path of RELAYED.filter(({ endpoint }) => isWorking(endpoint))) await relay(path);
  for (const { planned, megabytes } of UNREAD.filter((unread) => isWorking(unread.planned.endpoint)))
    await leaveUnread(planned, megabytes);
  for (const { planned, breaker, fault } of ROUNDS.filter((round) => isWorking(round.planned.endpoint)))
    await openByStreams(planned, breaker, fault);
  await steady('steady again');
}

/** Lets as many streams fail as open the breaker, and makes calls that must not reach the upstream. */
async function openByStreams(planned: PlannedAction<'failing streams'>, breaker: Breaker, fault: Fault) {
  const { endpoint, upstream } = planned;
  const phase = await lab.phase({ ...planned, ...(await prime([breaker])) });
  await breakCalls(upstream, fault);
  await times(breaker.opening.failures, () => call(endpoint, { phase }));
  await lab.heal(upstream);
  const after = await lab.phase({ when: 'after', of: phase.id });
  await times(3, () => call(endpoint, { phase: after }));
  await close(breaker, await lab.phase({ when: 'recovery from', of: phase.id }));
}

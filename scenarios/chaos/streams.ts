import type { Options } from 'k6/options';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls } from '../lib/break-calls.ts';
import {
  type Breaker,
  context,
  describedBreakers,
  find,
  isServedWithout,
  type Path,
  promised,
  streamedPaths,
} from '../lib/context.ts';
import { failOnce, untilClosed } from '../lib/failing-call.ts';
import { lab } from '../lib/lab.ts';
import { prime } from '../lib/prime.ts';
import { call, TIMEOUT_SECONDS } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { endedInTheMiddle, endless, type StreamFailure } from '../lib/stream-failures.ts';
import { close } from '../lib/trials.ts';
import { leaveUnread } from '../lib/unread-streams.ts';
import { times } from '../lib/wait.ts';

export { handleSummary } from '../lib/summary.ts';

const STREAMS = streamedPaths();
promised(STREAMS[0], 'stream (endpoints.NAME.stream)');

const isAttemptedOnce = (upstream: string): boolean => find(context.upstreams, upstream).calls.attempts === 1;

/** The failures that the breakers of these upstreams must count. */
const ROUNDS = STREAMS.filter(({ upstream }) => isAttemptedOnce(upstream)).flatMap((path) =>
  describedBreakers()
    .filter(({ upstream, endpoint }) => upstream === path.upstream && !isServedWithout(endpoint, upstream))
    .flatMap((breaker) => countedBy(breaker).map((failure) => ({ path, breaker, failure }))),
);

function countedBy({ upstream, ignored, harmless }: Breaker): StreamFailure[] {
  const exempt = [...ignored, ...harmless].map(({ kind }) => kind);
  return endedInTheMiddle(upstream).filter(({ fault }) => !exempt.includes(fault.kind));
}

/** The estimated duration of a call that fails at once, and of a stream that is not read, in seconds. */
const QUICK = 0.3;
const UNREAD = 2.5;

export const proof: Proof = {
  about:
    'Streams of an upstream break off, contain an error, end too early or never begin. Callers learn of each failure, in ' +
    'time, and breakers count it. A caller who does not read costs little memory.',
  judges: 'streams',
  clients: 1,
  seconds:
    2 +
    STREAMS.reduce((sum, { upstream, stream: { firstEventSeconds = 0, stallSeconds = 0, unreadMegabytes } }) => {
      const unread = unreadMegabytes === undefined ? 0 : UNREAD;
      return sum + endedInTheMiddle(upstream).length * QUICK + 2 * firstEventSeconds + stallSeconds + unread;
    }, 0) +
    ROUNDS.reduce((sum, { breaker }) => sum + breaker.recoverySeconds + QUICK, 0),
  patienceSeconds: STREAMS.flatMap(({ upstream, stream }) => [
    ...endedInTheMiddle(upstream),
    ...endless(stream),
  ]).reduce((sum, { seconds = TIMEOUT_SECONDS }) => sum + seconds, 0),
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'streams-complete',
    'streams-tell-failure',
    'streams-bounded',
    ...(STREAMS.some(({ stream }) => stream.unreadMegabytes !== undefined) ? ['unread-streams-bounded'] : []),
    'streams-count-for-breaker',
    'recovers',
  ],
};

export const options: Options = {
  scenarios: { streams: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '30m' } },
  thresholds: { iterations: ['count==1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  for (const { stream, ...path } of STREAMS) {
    for (const failure of [...endedInTheMiddle(path.upstream), ...endless(stream)]) {
      if (!(await failOnce({ ...path, ...failure }))) await untilClosed(path);
    }
  }
  for (const { stream, ...path } of STREAMS) {
    if (stream.unreadMegabytes !== undefined) await leaveUnread(path, stream.unreadMegabytes);
  }
  for (const { path, breaker, failure } of ROUNDS) await openByStreams(path, breaker, failure);
  await steady('steady again');
}

/** Lets as many streams fail as open the breaker, and makes calls that must not reach the upstream. */
async function openByStreams({ endpoint, upstream }: Path, breaker: Breaker, { name, fault }: StreamFailure) {
  const phase = await lab.phase({
    action: 'failing streams',
    upstream,
    fault: name,
    breaker: breaker.name,
    endpoint,
    ...(await prime([breaker])),
  });
  await breakCalls(upstream, fault);
  await times(breaker.opening.failures, () => call(endpoint, { phase }));
  await lab.heal(upstream);
  const after = await lab.phase({ when: 'after', of: phase.id });
  await times(3, () => call(endpoint, { phase: after }));
  await close(breaker, await lab.phase({ when: 'recovery from', of: phase.id }));
}

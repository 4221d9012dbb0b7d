import { Rate } from 'k6/metrics';
import type { Options } from 'k6/options';
import { context } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import type { Proof } from '../lib/proof.ts';
import { call, retryAfter } from '../lib/service.ts';
import { atMost, times, together, until } from '../lib/wait.ts';

export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about: 'More calls than the pool has connections, all of which wait: the ceiling holds, the rest is refused in time.',
  clients: 1,
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'pool-free-during-upstream-calls', 'pool-ceiling', 'pool-refuses-the-rest', 'pool-recovers'],
};

const { max, queueMax, acquireTimeoutSeconds, endpoint, refusal } = context.pool;
/** Calls beyond the connections and the places in the queue. */
const BEYOND = 10;
/** Milliseconds that the slow upstream takes: well above the noise, so that a wait for it can be told. */
const SLOW_MS = 1_000;

const refusalSaysWhen = new Rate('refusal_says_when');

export const options: Options = {
  scenarios: { ceiling: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '2m' } },
  thresholds: { refusal_says_when: ['rate==1'] },
};

export default async function (): Promise<void> {
  await lab.phase('steady');
  await times(3, () => call(endpoint, { phase: 'steady' }));

  await lab.phase('slow upstream');
  await readWhileUpstreamIsSlow();

  await lab.phase('locked');
  await lab.lockTable();
  await askForMoreThanThereIs();

  await lab.phase('recovered');
  await atMost(max, 4 * (max + queueMax), () => call(endpoint, { phase: 'recovered' }));
  await lab.phase('end');
}

/** More calls than the pool has connections wait for an upstream; reads come meanwhile. */
async function readWhileUpstreamIsSlow(): Promise<void> {
  const [writer, { reaches }] = Object.entries(context.endpoints).find(([, { reaches }]) => reaches.length > 0) ?? [
    '',
    { reaches: [] },
  ];
  const upstream = reaches[0] as string;
  await lab.fault(upstream, { kind: 'latency', milliseconds: SLOW_MS });
  const waiting = together(max + BEYOND, () => call(writer, { phase: 'slow upstream', about: 'upstream' }));
  await times(5, () => call(endpoint, { phase: 'slow upstream', about: 'read' }));
  await waiting;
  await lab.heal(upstream);
}

/** Every call waits, since the table is locked: those with a connection until it is free, the others as long as they may. */
async function askForMoreThanThereIs(): Promise<void> {
  const all = max + queueMax + BEYOND;
  let answered = 0;
  const calls = together(all, async () => {
    const response = await call(endpoint, { phase: 'locked' });
    answered += 1;
    if (response.status === refusal) refusalSaysWhen.add(retryAfter(response) >= 0);
  });
  await until(() => answered >= all - max, acquireTimeoutSeconds * 1_000 + 3_000);
  await lab.unlockTable();
  await calls;
}

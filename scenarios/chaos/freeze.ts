import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { ENDLESS_MS, slowDown } from '../lib/break-calls.ts';
import { context, describedBreakers, find, type Path, pathsToUpstreams, promised } from '../lib/context.ts';
import { atOnce } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { isRated, prime, settleSeconds } from '../lib/prime.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { pause, times, together, until } from '../lib/wait.ts';
import { working } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const { seconds } = promised(context.frozen, 'freeze that the service survives (frozen)');

/** Calls that are in progress at an upstream when the service is stopped. */
interface Held extends Path {
  readonly calls: number;
  /**
   * How long the calls are in progress before the freeze, in milliseconds, so that their timeout ends during the
   * freeze.
   */
  readonly waitMs: number;
}

/** The minimum and maximum number of calls. The minimum also applies without a breaker that counts failures. */
const [FEW, MOST] = [3, 20];
/** How much longer than its timeout a call is in progress, in milliseconds. */
const BEYOND_MS = 500;
/** How long to wait until calls have reached their upstream, in milliseconds. */
const ARRIVES_MS = 3_000;
/** The number of calls afterwards, one after another. */
const PROBES = 2;

/** The calls to hold, the longest first. With a fallback, a call reaches only the first upstream. */
const HELD = pathsToUpstreams()
  .filter(({ endpoint, upstream }) => {
    const { order: [first, ...rest] = [] } = find(context.endpoints, endpoint).fallback ?? {};
    return first === upstream || !rest.includes(upstream);
  })
  .map(
    (path): Held => ({
      ...path,
      calls: atOnce(Math.min(MOST, Math.max(FEW, ...breakersOf(path).map(({ opening }) => opening.failures))), path),
      waitMs: Math.max(0, timeoutOf(path) + BEYOND_MS - seconds * 1_000),
    }),
  )
  .toSorted((a, b) => b.waitMs - a.waitMs);
promised(HELD[0], 'endpoint that reaches an HTTP upstream');

function breakersOf({ upstream }: Path) {
  return describedBreakers().filter((breaker) => breaker.upstream === upstream);
}

/** Returns the promised timeout of a call in milliseconds, or 0. */
function timeoutOf({ endpoint, upstream }: Path): number {
  const own = context.timeouts.filter((timeout) => timeout.endpoint === endpoint && timeout.upstream === upstream);
  const known = [
    ...own.map((timeout) => timeout.seconds),
    ...breakersOf({ endpoint, upstream }).map((breaker) => breaker.callTimeoutSeconds),
  ];
  return (known.find((seconds) => seconds !== undefined) ?? 0) * 1_000;
}

const PLAN: PlannedAction<'held for a freeze' | 'frozen'>[] = [
  ...HELD.map(({ endpoint, upstream }) => ({ action: 'held for a freeze', endpoint, upstream }) as const),
  { action: 'frozen' },
];

/** How long calls take to leave windows of time, in seconds. To be brief, they stay there. */
const PRIMED = context.isBrief ? 0 : Math.max(0, ...describedBreakers().filter(isRated).map(settleSeconds));

export const proof: Proof = {
  about:
    'All processes of the service are stopped for a moment while calls wait for healthy upstreams, which answer in the ' +
    'meantime. Afterwards, the calls are served, and no breaker has opened.',
  judges: 'moments without a processor',
  clients: 1,
  seconds: 1 + HELD.length * 0.2 + seconds + (HELD[0]?.waitMs ?? 0) / 1_000 + PRIMED,
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'frozen-calls-served', 'freeze-counts-nothing', 'recovers'],
  plan: PLAN,
};

export default async function (): Promise<void> {
  await steady('steady', { any: HELD.map(({ endpoint }) => endpoint) });
  const all = working(HELD);
  await prime(
    describedBreakers().filter(({ upstream }) => all.some((held) => held.upstream === upstream)),
    context.isBrief,
  );
  const begun: { phase: Begun; held: Held; answered: Promise<unknown> }[] = [];
  for (const [index, held] of all.entries()) {
    begun.push({ held, ...(await hold(held)) });
    await pause(held.waitMs - (all[index + 1]?.waitMs ?? 0));
  }
  await lab.phase({ action: 'frozen' });
  await lab.freezeService(seconds);
  // The upstreams answer while the service is stopped.
  for (const upstream of new Set(all.map((held) => held.upstream))) await lab.heal(upstream);
  await lab.awaitThaw();
  await Promise.all(begun.map(({ answered }) => answered));
  for (const { phase, held } of begun) {
    const after = await lab.phase({ when: 'after', of: phase.id });
    await times(PROBES, () => call(held.endpoint, { phase: after }));
  }
  await steady('steady again');
}

/** Begins calls, and waits until they are in progress at the upstream, which doesn't answer until it is healed. */
async function hold({ endpoint, upstream, calls }: Held): Promise<{ phase: Begun; answered: Promise<unknown> }> {
  const phase = await lab.phase({ action: 'held for a freeze', endpoint, upstream });
  await slowDown(upstream, ENDLESS_MS, calls);
  const before = await lab.arrivals(upstream);
  const answered = together(calls, () => call(endpoint, { phase }));
  await until(async () => (await lab.arrivals(upstream)) - before >= calls, ARRIVES_MS);
  return { phase, answered };
}

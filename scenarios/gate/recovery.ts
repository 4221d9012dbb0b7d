import type { Options } from 'k6/options';
import { type Breaker, context, type Fault, promised } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { RECOVERY } from '../lib/lasting.ts';
import type { Proof } from '../lib/proof.ts';
import { call, isServed } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { pause, times, until } from '../lib/wait.ts';

export { handleSummary } from '../lib/summary.ts';

const breakers = Object.values(context.breakers);
promised(breakers[0], 'breaker');

export const proof: Proof = {
  about:
    'Each upstream fails until its breaker opens, and is healed at once: the service serves again. The gate compares when.',
  clients: 1,
  seconds: 2 + breakers.length * RECOVERY,
  alone: true,
  keepsConnections: true,
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'recovers'],
};

export const options: Options = {
  scenarios: { recovery: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
  thresholds: { iterations: ['count==1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  for (const breaker of breakers) await openAndHeal(breaker);
  await steady('steady again');
}

async function openAndHeal({ upstream, endpoint, threshold, failures, recoverySeconds }: Breaker): Promise<void> {
  await lab.phase(`outage of ${upstream}`);
  const failure = failures.find(({ kind }) => kind === 'status') ?? failures[0];
  await lab.fault(upstream, failure as Fault);
  await times(threshold, () => call(endpoint, { phase: `outage of ${upstream}` }));
  await lab.phase(`recovery of ${upstream}`);
  await lab.heal(upstream);
  await until(async () => {
    const { status } = await call(endpoint, { phase: `recovery of ${upstream}` });
    if (!isServed(endpoint, status)) await pause(recoverySeconds * 5);
    return isServed(endpoint, status);
  }, recoverySeconds * 3_000);
}

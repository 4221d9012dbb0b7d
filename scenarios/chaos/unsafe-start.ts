import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';
import { context, promised } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import type { Proof } from '../lib/proof.ts';
import { steady } from '../lib/steady.ts';

export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about: 'Settings that leave a protection off are refused when the service starts, in words that say which.',
  clients: 1,
  conditions: [],
  holds: ['steady-state', 'unsafe-start-refused', 'recovers'],
};

const refusedStarts = promised(context.refusedStarts, 'refusedStarts');

const tried = new Counter('starts_tried');

export const options: Options = {
  scenarios: { starts: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '3m' } },
  thresholds: { starts_tried: ['count>1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  const control = { 'its own settings': { settings: {} } };
  for (const [about, { settings }] of Object.entries({ ...control, ...refusedStarts })) {
    await lab.phase(about);
    await lab.tryStart(about, settings);
    tried.add(1);
  }
  await steady('steady again');
}

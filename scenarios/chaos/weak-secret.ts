import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';
import { context, promised } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import type { Proof } from '../lib/proof.ts';
import { steady } from '../lib/steady.ts';

export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about: 'A weak or default secret key is refused when the service starts, in words that say what to do.',
  clients: 1,
  conditions: [],
  holds: ['steady-state', 'strong-secret-accepted', 'weak-secret-refused', 'recovers'],
};

const { setting, weak, strong } = promised(context.secret, 'secret');

const tried = new Counter('starts_tried');

export const options: Options = {
  scenarios: { starts: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '3m' } },
  thresholds: { starts_tried: ['count>1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  await lab.phase('a strong secret');
  await lab.tryStart('a strong secret', {});
  tried.add(1);
  for (const [about, value] of Object.entries({ ...strong, ...weak })) {
    await lab.phase(about);
    await lab.tryStart(about, { [setting]: value });
    tried.add(1);
  }
  await steady('steady again');
}

import type { Proof } from '../../harness/contract/proof.ts';
import { pathsOverTls } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { working } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const PATHS = pathsOverTls();
/** The kinds of certificates that upstreams have during development. */
const KINDS = ['self-signed', 'unknown-ca'];

const PLAN = PATHS.flatMap((path) =>
  KINDS.map((certificate) => ({ action: 'unverified', certificate, ...path }) as const),
);

export const proof: Proof = {
  about:
    'Starts the service with settings that turn the verification of upstream certificates off, as for development. ' +
    'The certificates of each upstream are invalid. Calls are still served.',
  judges: 'unverified upstreams in development',
  clients: 1,
  seconds: 2,
  conditions: ['no-rate-limits', 'unverified-upstreams'],
  holds: ['steady-state', 'unverified-upstreams-served', 'recovers'],
  plan: PLAN,
};

export default async function (): Promise<void> {
  await steady('steady', { any: PATHS.map(({ endpoint }) => endpoint) });
  for (const planned of working(PLAN)) {
    const { upstream, certificate, endpoint } = planned;
    const phase = await lab.phase(planned);
    await lab.certificate(upstream, certificate);
    await call(endpoint, { phase });
    await lab.certificate(upstream, 'trusted');
  }
  await steady('steady again');
}

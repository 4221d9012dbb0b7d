import type { ActionPhase, PlannedAction } from '../../harness/contract/phases.ts';
import { context, isServedWithout, type Path } from './context.ts';
import { untilClosed } from './failing-call.ts';
import { lab } from './lab.ts';
import { dilute } from './prime.ts';
import { call, isServed } from './service.ts';
import { until } from './wait.ts';
import { working } from './working.ts';

/** How long the end of a refused connection may take to be noticed, in milliseconds. */
const NOTICED_MS = 2_000;

/** The kinds of certificates that show best whether certificates are verified at all, and whether their host name is. */
const TELLING = ['self-signed', 'wrong-host'] as const;

type Posing = PlannedAction<'impostor' | 'impostor again'>;

/** Whether an upstream is called over HTTPS. */
const isOverTls = (upstream: string): boolean => context.upstreams[upstream]?.tls === true;

/**
 * Returns the phases in which upstreams present bad certificates again after trouble in the same process, with a few of
 * the kinds that the contract says are refused. There are none for upstreams without TLS.
 */
export function posesAfter(fault: string, paths: readonly Path[]): PlannedAction<'impostor again'>[] {
  const { refused } = context.tls;
  const telling = TELLING.filter((kind) => refused.includes(kind));
  const certificates = telling.length > 0 ? telling : refused.slice(0, 1);
  return paths
    .filter(({ upstream }) => isOverTls(upstream))
    .flatMap(({ upstream, endpoint }) =>
      certificates.map(
        (certificate) => ({ action: 'impostor again', upstream, certificate, endpoint, fault }) as const,
      ),
    );
}

/** Presents bad certificates again after trouble, once its upstreams' breakers are closed. */
export async function poseAfter(fault: string, paths: readonly Path[]): Promise<void> {
  for (const upstream of new Set(paths.map((path) => path.upstream))) await untilClosed({ upstream });
  for (const planned of posesAfter(fault, working(paths))) await pose(planned);
}

/**
 * Presents a bad certificate to a call to an endpoint, then switches back to a valid one.
 *
 * @returns whether the next call was served
 */
export async function pose(planned: Posing): Promise<boolean> {
  const { upstream, certificate, endpoint } = planned;
  // The same call with a valid certificate shows that it sends a request: see `impostor-gets-nothing`.
  await dilute(upstream, endpoint, 1);
  const phase = await lab.phase(planned as ActionPhase<Posing['action']>);
  await lab.certificate(upstream, certificate);
  const before = await lab.refusedConnections(upstream);
  const { status } = await call(endpoint, { phase });
  // The upstream notices the closed connection shortly after the caller gets its response.
  const isNoticed = !isServed(endpoint, status) || isServedWithout(endpoint, upstream);
  if (isNoticed) await until(async () => (await lab.refusedConnections(upstream)) > before, NOTICED_MS);
  const after = await lab.phase({ when: 'after', of: phase.id });
  await lab.certificate(upstream, 'trusted');
  return callAgain(planned, after);
}

/**
 * Makes a call after the upstream works again. If the single failure has opened a breaker, waits until it has closed.
 *
 * @returns whether a call was served
 */
export async function callAgain({ upstream, endpoint }: Path, phase: { id: number }): Promise<boolean> {
  const again = await call(endpoint, { phase });
  const isBack = isServed(endpoint, again.status) || (await untilClosed({ upstream }));
  await dilute(upstream, endpoint);
  return isBack;
}

import { ProofloadError } from '../base/errors.ts';
import type { Contract } from './contract.ts';

type Started = Pick<Contract, 'start'>;

/** All of 127.0.0.0/8 is this machine. A name may be another machine, so it counts as one. */
const LOOPBACK = /^127(\.\d{1,3}){3}$/;

/**
 * Returns the host of a running service on another machine, or undefined if the service is on this one. From here, such
 * a service sees all clients at one address, and its clock and its pauses are unknown.
 */
export function hostElsewhere({ start }: Started): string | undefined {
  if (start.running === undefined) return undefined;
  const { hostname } = new URL(start.running.url);
  return LOOPBACK.test(hostname) ? undefined : hostname;
}

const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)$/i;

/**
 * Returns the name of one host as it appears in a URL, in lower case.
 *
 * @throws ProofloadError USAGE
 */
export function hostName(text: string): string {
  if (HOST.test(text) && URL.canParse(`http://${text}`)) return new URL(`http://${text}`).hostname;
  const allowed = 'the exact name of a host, without a port, such as staging.example.com';
  throw new ProofloadError('USAGE', `the host ${JSON.stringify(text)} is not allowed; allowed: ${allowed}`);
}

/**
 * Ensures that load is sent to another machine only if its user allows this by name.
 *
 * @param allowed Names of hosts, in lower case.
 * @throws ProofloadError HOST_NOT_ALLOWED
 */
export function admitHost(contract: Started, allowed: readonly string[] = []): void {
  const host = hostElsewhere(contract);
  if (host === undefined || allowed.includes(host)) return;
  const others = allowed.length === 0 ? '' : `; allowed: ${allowed.join(', ')}`;
  throw new ProofloadError(
    'HOST_NOT_ALLOWED',
    `start.running.url is not on this machine (127.0.0.0/8), but at ${host}${others}. ` +
      `If its owner agrees to the load, allow it: --allow-host ${host}`,
  );
}

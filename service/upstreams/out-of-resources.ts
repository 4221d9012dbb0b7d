import { ServiceError } from '../base/errors.ts';
import { UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';

/** Error codes that mean this machine has run out of descriptors, ports, memory or buffers. */
const LOCAL = new Set('EMFILE ENFILE EADDRNOTAVAIL EADDRINUSE EAGAIN ENOMEM ENOBUFS EAI_MEMORY'.split(' '));

const RETRY_AFTER_SECONDS = 1;
// An error can be its own cause.
const CAUSES_MAX = 5;

/** Whether a call failed because this machine ran out of resources. */
export function isOutOfResources(error: unknown, causes = 0): boolean {
  if (!(error instanceof Error) || causes > CAUSES_MAX) return false;
  const { code, cause } = error as NodeJS.ErrnoException;
  // If a host has several addresses, connecting to it fails with one error per address.
  if (error instanceof AggregateError) return error.errors.every((inner) => isOutOfResources(inner, causes + 1));
  return LOCAL.has(code ?? '') || isOutOfResources(cause, causes + 1);
}

/**
 * Returns the error for a call that failed this way. Breakers don't count it, because it says nothing about the
 * upstream's health.
 */
export function outOfResources(upstream: Upstream, cause: unknown): ServiceError {
  const message = `The ${UPSTREAM_TITLE[upstream]} could not be called: the service is out of sockets or memory.`;
  return new ServiceError('out_of_resources', message, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}

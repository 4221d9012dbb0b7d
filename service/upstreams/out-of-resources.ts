import { ServiceError } from '../base/errors.ts';
import { UPSTREAM_TITLE, type Upstream } from '../base/upstream.ts';

/** Errors of a system that has no descriptor, port, memory or buffer left for a connection. */
const LOCAL = new Set('EMFILE ENFILE EADDRNOTAVAIL EADDRINUSE EAGAIN ENOMEM ENOBUFS EAI_MEMORY'.split(' '));

const RETRY_AFTER_SECONDS = 1;
// An error may be its own cause.
const CAUSES_MAX = 5;

/** Whether a call failed on this side of the connection. */
export function isOutOfResources(error: unknown, causes = 0): boolean {
  if (!(error instanceof Error) || causes > CAUSES_MAX) return false;
  const { code, cause } = error as NodeJS.ErrnoException;
  // A host of several addresses fails with one error for each of them.
  if (error instanceof AggregateError) return error.errors.every((one) => isOutOfResources(one, causes + 1));
  return LOCAL.has(code ?? '') || isOutOfResources(cause, causes + 1);
}

/** The refusal of such a call, which says nothing of the upstream: no breaker counts it. */
export function outOfResources(upstream: Upstream, cause: unknown): ServiceError {
  const message = `The ${UPSTREAM_TITLE[upstream]} could not be called: the service is out of sockets or memory.`;
  return new ServiceError('out_of_resources', message, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}

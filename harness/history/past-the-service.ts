/** The beginning of the trace IDs of requests that `proofload prove` sends to upstreams, past the service. */
const PREFIX = '70726f6f666c6f61';

/** Returns the value of `traceparent` for such a request, from its number in the scenario, starting at 1. */
export const traceparentOf = (number: number): string => `00-${traceOf(number)}-${digits(number)}-00`;

/** Returns the trace ID of such a request. */
export const traceOf = (number: number): string => PREFIX + digits(number);

/** Whether a request that arrived at an upstream was not the service's. */
export const isPastTheService = (receipt: { readonly trace?: string | undefined }): boolean =>
  receipt.trace?.startsWith(PREFIX) === true;

const digits = (number: number): string => number.toString(16).padStart(16, '0');

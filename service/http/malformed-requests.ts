import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { ServiceError } from '../base/errors.ts';

/** Host and port as defined in RFC 3986: a name, an IPv4 address, or an IPv6 address in brackets. */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/i;

/**
 * Rejects requests that HTTP forbids but Node accepts. Responds with 400 to a version other than 1.0 and 1.1, to a
 * missing or repeated Host header and to an invalid host (RFC 9112, section 3.2), and with 417 to an expectation other
 * than 100-continue. It runs after the rate limiter, so that these requests count as well.
 */
export const refuseMalformed: RequestHandler = (request, _response, next) => {
  const problem = problemOf(request);
  if (problem !== undefined) return next(new ServiceError('invalid_request', problem));
  const { expect } = request.headers;
  if (expect === undefined || /^100-continue$/i.test(expect)) return next();
  next(new ServiceError('expectation_failed', 'The only supported expectation is 100-continue.'));
};

function problemOf(request: IncomingMessage): string | undefined {
  const { httpVersion } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return `HTTP/${httpVersion} is not supported: use HTTP/1.1.`;
  const hosts = hostsOf(request);
  if (hosts.length > 1) return 'The request has more than one Host header.';
  if (hosts.length === 0) return httpVersion === '1.1' ? 'The request has no Host header.' : undefined;
  return HOST.test(hosts[0] as string) ? undefined : 'The Host header is not a valid host.';
}

/** Returns all Host headers. Node keeps only the first one in `headers`. */
function hostsOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && /^host$/i.test(rawHeaders[index - 1] as string));
}

import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { ServiceError } from '../base/errors.ts';

/** RFC 3986 host and port: a name, an IPv4 address or an IPv6 one in brackets. */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/i;

/**
 * Refuses requests that HTTP forbids and Node lets pass: another version than 1.0 and 1.1, no or several Host headers or one that
 * names no host (RFC 9112 3.2), with 400; and an expectation other than 100-continue, with 417. It stands behind the limiter, so
 * they count like any other.
 */
export const refuseMalformed: RequestHandler = (request, _response, next) => {
  const problem = problemOf(request);
  if (problem !== undefined) return next(new ServiceError('invalid_request', problem));
  const { expect } = request.headers;
  if (expect === undefined || /^100-continue$/i.test(expect)) return next();
  next(new ServiceError('expectation_failed', 'No other expectation than 100-continue is known.'));
};

function problemOf(request: IncomingMessage): string | undefined {
  const { httpVersion } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return `HTTP/${httpVersion} is not spoken here: use HTTP/1.1.`;
  const hosts = hostsOf(request);
  if (hosts.length > 1) return 'The request has several Host headers.';
  if (hosts.length === 0) return httpVersion === '1.1' ? 'The request has no Host header.' : undefined;
  return HOST.test(hosts[0] as string) ? undefined : 'The Host header names no host.';
}

/** All of them: Node drops all but the first from `headers`. */
function hostsOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && /^host$/i.test(rawHeaders[index - 1] as string));
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { Refusal } from '../../mocks/refusal.ts';

/**
 * Lets a request in only where it asks for this server by a name of loopback, comes from a page of it if from any, and has
 * the token as the first part of its path: no other page, no name that resolves to 127.0.0.1, no other user gets in.
 *
 * @throws Refusal `foreign-host`, `foreign-origin` or `wrong-token` (403)
 */
export function guard(token: string): RequestHandler {
  const expected = digest(token);
  return (request, _response, next) => {
    const { host = '', origin } = request.headers;
    const hosts = hostsOf(request);
    if (!hosts.includes(host)) {
      throw new Refusal('foreign-host', `host "${host}" is refused; allowed: ${hosts.join(', ')}`, 403);
    }
    const origins = hosts.map((one) => `http://${one}`);
    if (origin !== undefined && !origins.includes(origin)) {
      throw new Refusal('foreign-origin', `origin "${origin}" is refused; allowed: ${origins.join(', ')}`, 403);
    }
    const [, given = ''] = request.path.split('/');
    if (!timingSafeEqual(digest(given), expected)) {
      throw new Refusal('wrong-token', 'the path has no token of this lab; allowed: the URL that it printed', 403);
    }
    next();
  };
}

const hostsOf = ({ socket }: Request): string[] =>
  ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

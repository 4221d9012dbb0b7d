import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { Refusal } from '../base/refusal.ts';

/** A token that nobody can guess: 192 random bits, in characters that a URL takes as they are. */
export const newToken = (): string => randomBytes(24).toString('base64url');

/** The header that carries the token of a control API. */
export const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

/** Finds the token in a request. */
type TokenOf = (request: Request) => string;

/** The token of `Authorization: Bearer …`: a page of another origin can't send it. */
export const inHeader: TokenOf = ({ headers }) => /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';

/** The first part of the path: for a page, whose address is then the way in. */
export const inPath: TokenOf = ({ path }) => path.split('/')[1] ?? '';

/**
 * Lets a request in only if it asks for this server by a name of loopback, comes from a page of it if from any, and has the
 * token. So neither another page in a browser, nor a name that resolves to 127.0.0.1, nor another user of the machine gets in.
 *
 * @param tokenOf Where the token is: `inHeader` or `inPath`.
 * @param anyPort Whether the Host header may name any port: a container can't know the one that it is published at.
 * @throws Refusal `foreign-host`, `foreign-origin` or `wrong-token` (403)
 */
export function guard(token: string, tokenOf: TokenOf, anyPort = false): RequestHandler {
  const expected = digest(token);
  return (request, _response, next) => {
    const { host = '', origin } = request.headers;
    const [, port] = /^(?:127\.0\.0\.1|localhost):(\d+)$/.exec(host) ?? [];
    const { localPort } = request.socket;
    if (port === undefined || (port !== String(localPort) && !anyPort)) {
      const allowed = `127.0.0.1:${localPort}, localhost:${localPort}`;
      throw new Refusal('foreign-host', `host "${host}" is refused; allowed: ${allowed}`, 403);
    }
    if (origin !== undefined && origin !== `http://${host}`) {
      throw new Refusal('foreign-origin', `origin "${origin}" is refused; allowed: http://${host}`, 403);
    }
    // Digests have one length, so that the comparison takes the same time whatever was given.
    if (!timingSafeEqual(digest(tokenOf(request)), expected)) {
      throw new Refusal('wrong-token', 'the request has not the token of this lab; allowed: the one that it told', 403);
    }
    next();
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

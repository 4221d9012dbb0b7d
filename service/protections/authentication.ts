import type { RequestHandler, Response } from 'express';
import { errors } from 'jose';
import { systemWallClock } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import { createTokenVerifier } from './token-verifier.ts';

const CHALLENGE = 'Bearer realm="conversation-service"';

/** Refuses a token, and says by `WWW-Authenticate` how to do better (RFC 6750). */
function refuse(response: Response, code: 'token_missing' | 'token_invalid' | 'token_expired', message: string) {
  const error = code === 'token_missing' ? '' : `, error="invalid_token", error_description="${message}"`;
  response.set('WWW-Authenticate', CHALLENGE + error);
  return new ServiceError(code, message);
}

/**
 * Lets through whoever bears a JWT that was signed with `secretKey` by HS256, has not expired (`exp` is required; 5 s are
 * forgiven) and names a user as its subject; {@link userOf} tells that user to the handlers behind. Everything else is 401:
 * `token_missing`, `token_expired` or `token_invalid`. Which of a token's faults it was is nobody's business.
 */
export function authenticate(secretKey: string, clock = systemWallClock): RequestHandler {
  const verify = createTokenVerifier(secretKey, clock);
  return async (request, response, next) => {
    const token = /^Bearer +([^\s]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) return next(refuse(response, 'token_missing', 'A bearer token is required.'));
    try {
      response.locals.userId = await verify(token);
    } catch (error) {
      const expired = error instanceof errors.JWTExpired;
      const refusal = expired
        ? refuse(response, 'token_expired', 'The token has expired.')
        : refuse(response, 'token_invalid', 'The token is not valid.');
      return next(refusal);
    }
    next();
  };
}

/** The user that the request's token names. */
export function userOf(response: Response): string {
  const { userId } = response.locals;
  if (typeof userId !== 'string') throw new Error('this route is not behind authenticate()');
  return userId;
}

/**
 * Holds a `user_id` that a body names against the token's: a request speaks for its bearer alone.
 * @returns the user
 * @throws ServiceError `user_mismatch`
 */
export function requireUser(response: Response, userId: string): string {
  if (userId !== userOf(response)) throw new ServiceError('user_mismatch', 'The token is of another user.');
  return userId;
}

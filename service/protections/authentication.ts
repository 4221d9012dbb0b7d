import type { RequestHandler, Response } from 'express';
import { errors } from 'jose';
import { systemWallClock } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import { createTokenVerifier } from './token-verifier.ts';

const CHALLENGE = 'Bearer realm="conversation-service"';

/** Returns the error for a rejected token, and sets `WWW-Authenticate` (RFC 6750). */
function refuse(response: Response, code: 'token_missing' | 'token_invalid' | 'token_expired', message: string) {
  const error = code === 'token_missing' ? '' : `, error="invalid_token", error_description="${message}"`;
  response.set('WWW-Authenticate', CHALLENGE + error);
  return new ServiceError(code, message);
}

/**
 * Accepts requests with a JWT that {@link createTokenVerifier} accepts. Handlers get the user from {@link userOf}. Other requests get a 401
 * response with `token_missing`, `token_expired` or `token_invalid`, and no further details about the cause.
 */
export function authenticate(secretKey: string): RequestHandler {
  const verify = createTokenVerifier(secretKey, systemWallClock);
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

/** Returns the user in the token. */
export function userOf(response: Response): string {
  const { userId } = response.locals;
  if (typeof userId !== 'string') throw new Error('this route is not behind authenticate()');
  return userId;
}

/**
 * Checks that the `user_id` in a body is the user in the token.
 * @returns The user.
 * @throws ServiceError `user_mismatch`
 */
export function requireUser(response: Response, userId: string): string {
  if (userId !== userOf(response)) throw new ServiceError('user_mismatch', 'The token belongs to another user.');
  return userId;
}

import { groqStatusError } from './errors.ts';

/** The 401 for a request without a Bearer token; any token that is not empty is good. */
export function refuseUnauthenticated(request: Request): Response | undefined {
  const authorization = request.headers.get('authorization') ?? '';
  return /^Bearer\s+\S/i.test(authorization) ? undefined : groqStatusError(401);
}

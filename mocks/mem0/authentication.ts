import { mem0Error } from './errors.ts';

/** The 401 for a request without `Authorization: Token <key>`; any key that is not empty is good. */
export function refuseUnauthenticated(request: Request): Response | undefined {
  const authorization = request.headers.get('authorization') ?? '';
  return /^Token\s+\S/i.test(authorization) ? undefined : mem0Error(401);
}

import type { Contract } from './contract.ts';
import type { Authentication } from './schema/authentication.ts';

/** Returns the kinds of invalid credentials that a service must reject, based on its authentication. */
function ofAuthentication(authentication: Authentication): readonly string[] {
  switch (authentication.kind) {
    case 'bearer':
      return ['no token', 'another token'];
    case 'api-key':
      return ['no key', 'another key'];
    case 'basic':
      return ['no credentials', 'another password', 'unknown user'];
    case 'bearer-jwt-hs256':
      return ['no token', 'another key', 'no signature', 'expired'];
    case 'login':
      return ['no session', 'made-up session', 'changed session'];
    default:
      return [
        'no token',
        'another key',
        'no signature',
        'expired',
        'public key as secret',
        ...(authentication.issuer === undefined ? [] : ['another issuer']),
        ...(authentication.audience === undefined ? [] : ['another audience']),
      ];
  }
}

/** Whether the request itself names its user, and not only its credentials. */
export const namesUser = (endpoint: object): boolean =>
  JSON.stringify({ ...endpoint, user: undefined }).includes('${user}');

/**
 * Returns the kinds of invalid credentials that an endpoint must reject. Both the script that sends them and the check
 * that judges them use this list. If a request does not name its user, another user asks for a row that is stored.
 */
export const worthlessOf = (
  authentication: Authentication,
  endpoint: Pick<Contract['endpoints'][string], 'onlyOwn'>,
): readonly string[] => [
  ...ofAuthentication(authentication),
  ...(endpoint.onlyOwn ? [namesUser(endpoint) ? 'another user' : 'row of another user'] : []),
];

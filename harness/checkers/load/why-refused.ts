import { isAuthenticated } from '../../contract/requests.ts';
import type { Authentication } from '../../contract/schema/authentication.ts';
import type { Facts } from '../lib/checker.ts';

type Judged = Pick<Facts['contract'], 'authentication' | 'endpoints'>;

/** Response statuses for missing or invalid credentials. */
const REFUSED = [401, 403];

/**
 * If an endpoint rejected a request's credentials, returns the likely cause and what to check or change, in one line.
 * Returns undefined for other statuses.
 */
export function whyRefused({ authentication, endpoints }: Judged, name: string, statuses: readonly number[]) {
  const status = statuses.find((candidate) => REFUSED.includes(candidate));
  const endpoint = endpoints[name];
  if (status === undefined || !endpoint) return undefined;
  if (!authentication) {
    return `${status}: requests carry no credentials; add "authentication: …", or a header to endpoints.${name}.headers`;
  }
  if (!isAuthenticated(endpoint)) {
    return `${status}: requests to "${name}" carry no credentials; add "authenticated: true" to endpoints.${name}`;
  }
  const user = status === 403 ? `, and may the user call "${name}"` : '';
  return `${status}: ${causeOf(authentication)}${user}?`;
}

function causeOf(authentication: Authentication): string {
  switch (authentication.kind) {
    case 'bearer-jwt-hs256':
      return `a JWT signed with the key in ${authentication.keySetting} was refused; does the service verify with that key`;
    case 'bearer':
      return `the token in ${authentication.keySetting} was refused; does the service read its tokens from that setting`;
    case 'basic':
      return `the user and password in ${authentication.keySetting} were refused; does the service read them from that setting`;
    case 'api-key': {
      const where =
        authentication.query === undefined ? `header ${authentication.header}` : `parameter ${authentication.query}`;
      return `the key in ${authentication.keySetting} was refused; does the service read its keys from that setting, and the ${where}`;
    }
    case 'login': {
      const handed =
        authentication.cookie === undefined ? `token ${authentication.token}` : `cookie ${authentication.cookie}`;
      return `the session was refused; does "${authentication.endpoint}" hand out the ${handed}`;
    }
    default:
      return 'the token was refused; does a setting have ${jwks}, and are authentication.issuer and audience as expected';
  }
}

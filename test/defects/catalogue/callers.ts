import { caughtBy, type Defect, inService } from './defect.ts';

const described = (contract: string, ...defects: Defect[]) =>
  inService(`test/defects/callers/${contract}.ts`, 'test/defects/callers/service.ts', ...defects);

const smoke = (...rows: [name: string, check: string][]) =>
  caughtBy('stress/smoke', 'endpoints-ask-for-proof', ...rows);

const otherClients = (name: string) =>
  caughtBy('stress/rate-limits', 'rate-limit-isolated', [name, 'other clients unaffected by the limit: write']);

/** Defects in services that authenticate or distinguish callers differently from the reference service. */
export const CALLERS: readonly Defect[] = [
  ...described('bearer', ...smoke(['token-compared-by-its-end', 'requires credentials: write'])),
  ...described('api-key-in-header', ...otherClients('limit-counts-sockets')),
  ...described(
    'api-key-in-query',
    ...smoke(['key-not-checked', 'requires credentials: read']),
    ...caughtBy('stress/identity', 'rate-limit-identity', [
      'first-forwarded-entry-counts',
      'forged identities gain nothing: write',
    ]),
  ),
  ...described(
    'basic',
    ...smoke(['password-not-checked', 'requires credentials: write']),
    ...smoke(['user-name-in-path-trusted', 'requires credentials: read']),
  ),
  ...described('tenants', ...otherClients('limit-counts-keys')),
  ...described('jwks-rs256', ...smoke(['expiry-of-signed-token-not-checked', 'requires credentials: write'])),
  ...described(
    'jwks-es256',
    ...smoke(['algorithm-taken-from-the-token', 'requires credentials: write']),
    ...smoke(['audience-not-checked', 'requires credentials: read']),
  ),
  ...described('login-cookie', ...smoke(['session-of-another-user-accepted', 'requires credentials: read'])),
  ...described('login-token', ...smoke(['session-found-by-its-start', 'requires credentials: write'])),
];

import { caughtBy, type Defect, inService } from './defect.ts';

const described = (contract: string, ...defects: Defect[]) =>
  inService(`test/defects/limits/${contract}.ts`, 'test/defects/limits/limited-service.ts', ...defects);

const costs = (contract: string, ...rows: [name: string, why: string][]): Defect[] =>
  described(
    contract,
    ...caughtBy(
      'stress/limit-costs',
      'rate-limit-costs',
      ...rows.map(([name, why]): [string, string] => [name, `cost of ${why} requests: ask`]),
    ),
  );

const WEIGHTED = 'allows what two weighted windows leave: ask';
const TOKENS = 'allows as many as there are tokens: ask';

/** Defects in services that count other requests toward a limit than promised, or in another way. */
export const LIMITS: readonly Defect[] = [
  ...costs(
    'all-counted',
    ['unauthenticated-requests-free', 'unauthenticated'],
    ['malformed-bodies-free', 'malformed'],
    ['invalid-bodies-free', 'invalid'],
    ['failed-requests-free', 'failed'],
  ),
  ...costs('served-counted', ['failed-requests-counted', 'failed'], ['invalid-bodies-counted', 'invalid']),
  ...described(
    'token-bucket',
    ...caughtBy(
      'stress/rate-limits',
      'rate-limit-bucket',
      ['bucket-too-large', TOKENS],
      ['bucket-refilled-too-slowly', TOKENS],
      ['bucket-refilled-at-once', TOKENS],
    ),
  ),
  ...described(
    'weighted',
    ...caughtBy(
      'stress/rate-limits',
      'rate-limit-weighted',
      ['previous-window-forgotten', WEIGHTED],
      ['previous-window-counts-fully', WEIGHTED],
      ['refused-requests-count', WEIGHTED],
    ),
  ),
  ...described(
    'together',
    ...caughtBy(
      'stress/rate-limits',
      'rate-limit-isolated',
      ['limit-for-each-client', 'other clients share the limit: ask'],
      ['first-request-of-each-client-free', 'other clients share the limit: ask'],
    ),
  ),
  ...described(
    'in-progress',
    ...caughtBy(
      'stress/requests-in-progress',
      'requests-in-progress',
      ['one-request-too-many-at-once', 'allows exactly N requests in progress: at once: ask'],
      ['slots-of-failed-requests-lost', 'allows exactly N requests in progress: at once again: ask'],
      ['slots-of-all-clients-together', 'other clients unaffected by requests in progress: ask'],
    ),
  ),
];

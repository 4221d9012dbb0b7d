import { caughtBy, type Defect, inService } from './defect.ts';

const costs = (contract: string, ...rows: [name: string, why: string][]): Defect[] =>
  inService(
    `test/defects/limits/${contract}.ts`,
    'test/defects/limits/limited-service.ts',
    ...caughtBy(
      'stress/limit-costs',
      'rate-limit-costs',
      ...rows.map(([name, why]): [string, string] => [name, `cost of ${why} requests: ask`]),
    ),
  );

/** Defects in services that count other requests toward a limit than promised. */
export const LIMITS: readonly Defect[] = [
  ...costs(
    'all-counted',
    ['unauthenticated-requests-free', 'unauthenticated'],
    ['malformed-bodies-free', 'malformed'],
    ['invalid-bodies-free', 'invalid'],
    ['failed-requests-free', 'failed'],
  ),
  ...costs('served-counted', ['failed-requests-counted', 'failed'], ['invalid-bodies-counted', 'invalid']),
];

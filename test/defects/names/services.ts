/** A service whose contract is run with other names. */
export interface NamedService {
  readonly name: string;
  readonly contract: string;
  /** What is run: a service that keeps its promises, and others that don't. */
  readonly runs: readonly Run[];
}

/** One variant of a service, and the scenarios that it runs through. */
export interface Run {
  /** What is wrong with it. Absent if it keeps its promises. */
  readonly defect?: string;
  readonly scenarios: readonly string[];
  /** Starts the service. Defaults to the command of the contract. */
  readonly command?: readonly string[];
  /** Settings of the service that differ from its promises. */
  readonly settings?: Readonly<Record<string, string>>;
}

const inService = (program: string, defect: string, ...scenarios: string[]): Run => ({
  defect,
  scenarios,
  command: ['node', `test/defects/${program}.ts`, defect],
});

const ofReference = (family: string, defect: string, ...scenarios: string[]): Run =>
  inService(`services/${family}`, defect, ...scenarios);

/** Contracts of different kinds. Together, their scenarios use most scripts. */
export const SERVICES: readonly NamedService[] = [
  {
    name: 'limits',
    contract: 'test/defects/callers/tenants.ts',
    runs: [
      { scenarios: ['stress'] },
      inService('callers/service', 'limit-counts-keys', 'stress/rate-limits', 'stress/smoke'),
    ],
  },
  {
    name: 'router',
    contract: 'test/defects/upstreams/router.ts',
    runs: [
      { scenarios: ['stress', 'chaos'] },
      inService('upstreams/router-service', 'bad-request-moved-on', 'chaos/fallback', 'chaos/fault-answers'),
      inService('upstreams/router-service', 'retired-model-counted', 'chaos/fallback'),
    ],
  },
  {
    name: 'database',
    contract: 'examples/ask-service/proofload.yaml',
    runs: [
      { scenarios: ['stress', 'chaos'] },
      {
        defect: 'other numbers than promised',
        scenarios: ['stress/rate-limits', 'stress/connection-ceiling', 'chaos/outage', 'chaos/isolation'],
        settings: { ASK_LIMIT: '11', POOL_MAX: '3', BREAKER_FAILURES: '6' },
      },
    ],
  },
  {
    name: 'reference',
    contract: 'service/proofload.config.ts',
    runs: [
      { scenarios: ['stress'] },
      { scenarios: ['chaos'] },
      ofReference('upstream', 'tls-verification-off', 'chaos/impostor'),
      ofReference(
        'rate-limit',
        'limiter-counts-all-endpoints-together',
        'stress/rate-limits',
        'stress/window-boundary',
      ),
      ofReference('breaker', 'one-breaker-for-both-upstreams', 'chaos/isolation', 'chaos/outage', 'chaos/both-outages'),
      ofReference('foundation', 'token-in-log', 'stress/smoke'),
      ofReference('start', 'weak-secret-accepted', 'chaos/weak-secret'),
      ofReference('start', 'unverified-upstreams-accepted', 'chaos/unsafe-start'),
      ofReference('load', 'page-lost-in-an-outage', 'chaos/isolation', 'chaos/database-outage'),
    ],
  },
];

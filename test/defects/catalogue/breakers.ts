import { caughtBy, type Defect, inService, saying } from './defect.ts';

const described = (contract: string, ...defects: Defect[]) =>
  inService(`test/defects/breakers/${contract}.ts`, 'test/defects/breakers/service.ts', ...defects);

const SOCKETS = ['test/defects/breakers/sockets.ts', 'test/defects/breakers/sockets-service.ts'] as const;

/** Defects in breakers that open by the failure rate in a window. */
const RATED = described(
  'rated',
  ...caughtBy(
    'chaos/llm-outage',
    'breaker-stays-closed',
    ['rate-counts-old-failures', 'stays closed below again'],
    ['window-of-time-too-long', 'stays closed below after a while'],
    ['opens-at-the-rate-instead-of-above', 'stays closed below'],
  ),
  ...caughtBy(
    'chaos/llm-outage',
    'breaker-opens',
    ['rate-opens-one-failure-late', 'opens at the threshold'],
    ['minimum-of-calls-one-too-many', 'opens at the minimum'],
  ),
  ...caughtBy('chaos/memory-outage', 'breaker-stays-closed', [
    'window-of-calls-keeps-failures',
    'stays closed below again',
  ]),
  ...caughtBy('chaos/memory-outage', 'breaker-opens', ['closing-does-not-empty-the-window', 'opens at the minimum']),
);

/** Defects in breakers that allow several trials. */
const TRIALS = described(
  'trials',
  ...caughtBy('chaos/llm-outage', 'breaker-admits-one-trial', ['one-trial-too-many', 'admits 3 trials']),
  ...caughtBy('chaos/memory-outage', 'breaker-closes', ['one-trial-closes', 'stays open after too few good trials']),
  ...caughtBy('chaos/llm-outage', 'breaker-closes', ['all-trials-must-succeed', 'closes after a good trial']),
);

/** Defects in breakers whose callers wait for the result of a trial. */
const WAITING = described(
  'waiting',
  ...caughtBy(
    'chaos/llm-outage',
    'trial-waited-for',
    ['callers-refused-during-a-trial', 'callers wait for a failed trial: llm'],
    ['waiting-callers-refused-late', 'callers wait for a failed trial: llm'],
  ),
  ...caughtBy('chaos/llm-failure-policy', 'trial-waited-for', [
    'waiting-callers-refused-after-a-good-trial',
    'callers wait for a good trial: llm',
  ]),
);

/** Defects in breakers of an upstream whose calls are repeated. */
const WITH_RETRIES = described(
  'retrying',
  ...caughtBy('chaos/llm-failure-policy', 'failure-policy', [
    'repeated-failures-not-counted',
    'counts as failures, with retries, for llm: status 500, status 503, status 502, status 504, html-page',
  ]),
  ...caughtBy('chaos/llm-outage', 'breaker-opens', ['opens-after-6-with-retries', 'opens at the threshold']),
);

/** Defects in a breaker that counts attempts. */
const INSIDE_RETRIES = described(
  'retrying-attempts',
  ...caughtBy(
    'chaos/llm-failure-policy',
    'failure-policy',
    [
      'retries-go-through-the-open-breaker',
      'counts attempts for llm: status 500, status 503, status 502, status 504, html-page',
    ],
    [
      'calls-counted-instead-of-attempts',
      'counts attempts for llm: status 500, status 503, status 502, status 504, html-page',
    ],
  ),
  ...caughtBy('chaos/llm-outage', 'breaker-refuses-at-once', ['open-breaker-asked-again', 'refuses at once']),
);

/** Defects in breakers in front of a TCP server and the database. */
const IN_FRONT_OF_SOCKETS = inService(
  ...SOCKETS,
  ...saying(
    'it never opens: after ',
    ...caughtBy('chaos/cache-outage', 'breaker-opens', ['cache-breaker-never-opens', 'opens at the threshold']),
  ),
  ...saying(
    'it never opens: after 12 failures in a row',
    ...caughtBy('chaos/store-outage', 'breaker-opens', ['store-breaker-never-opens', 'opens at the threshold']),
  ),
  ...saying(
    'it opens late, after 5 failures in a row instead of 4',
    ...caughtBy('chaos/cache-outage', 'breaker-opens', ['cache-breaker-opens-one-late', 'opens at the threshold']),
    ...caughtBy('chaos/store-outage', 'breaker-opens', ['store-breaker-opens-one-late', 'opens at the threshold']),
  ),
  ...caughtBy('chaos/cache-failure-policy', 'failure-policy', [
    'cache-breaker-ignores-timeouts',
    'counts as failures for cache: blackhole',
  ]),
);

/** Defects in breakers that differ in kind from those in the reference service. */
export const BREAKERS: readonly Defect[] = [
  ...RATED,
  ...TRIALS,
  ...WAITING,
  ...WITH_RETRIES,
  ...INSIDE_RETRIES,
  ...IN_FRONT_OF_SOCKETS,
];

import { caughtBy, type Defect, inService } from './defect.ts';

const described = (contract: string, ...defects: Defect[]) =>
  inService(`test/defects/breakers/${contract}.ts`, 'test/defects/breakers/service.ts', ...defects);

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

/** Defects in breakers that differ in kind from those in the reference service. */
export const BREAKERS: readonly Defect[] = [...RATED, ...TRIALS];

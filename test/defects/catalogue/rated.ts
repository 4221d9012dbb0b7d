import { caughtBy, type Defect, inService } from './defect.ts';

/** The defects of breakers that open by the rate of failures in a window. */
export const RATED: readonly Defect[] = inService(
  'test/defects/breakers/rated.ts',
  'test/defects/breakers/service.ts',
  ...caughtBy(
    'chaos/llm-outage',
    'breaker-stays-closed',
    ['rate-counts-old-failures', 'stays closed below after a while'],
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

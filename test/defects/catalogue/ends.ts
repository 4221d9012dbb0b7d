import { caughtBy, type Defect, inService } from './defect.ts';

/** Defects in a service that refuses everything for a moment before it ends. */
export const ENDS: readonly Defect[] = inService(
  'test/defects/ends/lame-duck.ts',
  'test/defects/ends/lame-duck-service.ts',
  ...caughtBy(
    'chaos/termination',
    'in-flight-at-end',
    ['requests-dropped-at-the-end', 'requests in progress at SIGTERM'],
    ['requests-failed-at-the-end', 'requests in progress at SIGTERM'],
  ),
  ...caughtBy(
    'chaos/termination',
    'new-requests-refused',
    ['new-requests-served-to-the-end', 'refuses new requests after SIGTERM'],
    ['new-requests-left-unanswered', 'refuses new requests after SIGTERM'],
  ),
  ...caughtBy('chaos/termination', 'not-ready-at-end', ['ready-to-the-end', 'not ready after SIGTERM: ready']),
  ...caughtBy(
    'chaos/termination',
    'ends-when-told-to',
    ['ends-with-another-code', 'exits on SIGTERM'],
    ['hanging-calls-waited-for', 'exits on SIGTERM during calls that hang'],
  ),
);

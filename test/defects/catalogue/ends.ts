import { caughtBy, type Defect, inService } from './defect.ts';

const SERVICE = 'test/defects/ends/lame-duck-service.ts';
const REFUSES = 'refuses new requests after SIGTERM';
const NOT_READY = 'not ready after SIGTERM: ready';

/** Defects in a service that refuses everything for a moment before it ends. */
const LAME_DUCK = inService(
  'test/defects/ends/lame-duck.ts',
  SERVICE,
  ...caughtBy(
    'chaos/termination',
    'in-flight-at-end',
    ['requests-dropped-at-the-end', 'requests in progress at SIGTERM'],
    ['requests-failed-at-the-end', 'requests in progress at SIGTERM'],
  ),
  ...caughtBy(
    'chaos/termination',
    'new-requests-refused',
    ['new-requests-served-to-the-end', REFUSES],
    ['new-requests-left-unanswered', REFUSES],
  ),
  ...caughtBy(
    'chaos/termination',
    'streams-at-end',
    ['streams-cut-at-the-end', 'streams in progress at SIGTERM'],
    ['streams-just-ended-at-the-end', 'streams in progress at SIGTERM'],
    ['streams-completed-at-the-end', 'endless streams at SIGTERM'],
  ),
  ...caughtBy('chaos/termination', 'not-ready-at-end', ['ready-to-the-end', NOT_READY]),
  ...caughtBy(
    'chaos/termination',
    'ends-when-told-to',
    ['ends-with-another-code', 'exits on SIGTERM'],
    ['hanging-calls-waited-for', 'exits on SIGTERM during calls that hang'],
  ),
);

/** Defects in the same service if it serves requests for a while after SIGTERM. */
const DRAINING = inService(
  'test/defects/ends/draining.ts',
  SERVICE,
  ...caughtBy(
    'chaos/termination',
    'not-ready-at-end',
    ['ready-until-it-refuses', NOT_READY],
    ['requests-refused-while-it-should-drain', NOT_READY],
  ),
  ...caughtBy('chaos/termination', 'streams-at-end', ['streams-interrupted-at-once', 'streams in progress at SIGTERM']),
  ...caughtBy('chaos/termination', 'new-requests-refused', ['drains-to-the-end', REFUSES]),
);

/** Defects in services that are told to end. */
export const ENDS: readonly Defect[] = [...LAME_DUCK, ...DRAINING];

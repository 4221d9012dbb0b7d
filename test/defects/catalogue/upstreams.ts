import { caughtBy, type Defect, inService } from './defect.ts';

/** Defects in a service that uses a team's own mocks as an upstream and has two upstreams of the same kind. */
export const UPSTREAMS: readonly Defect[] = inService(
  'test/defects/upstreams/payments.ts',
  'test/defects/upstreams/service.ts',
  ...caughtBy('chaos/retry-amplification', 'upstream-called-once', [
    'charge-sent-again',
    'calls payments once: plain-500, pay',
  ]),
  ...caughtBy('stress/smoke', 'endpoints-reach-upstreams', ['backup-is-the-same-upstream', 'upstreams of compare']),
);

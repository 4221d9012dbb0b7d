import { caughtBy, type Defect, inService } from './defect.ts';

/** Defects in a service that uses a team's own mocks as an upstream and has two upstreams of the same kind. */
const MOCKED = inService(
  'test/defects/upstreams/payments.ts',
  'test/defects/upstreams/service.ts',
  ...caughtBy('chaos/retry-amplification', 'upstream-called-once', [
    'charge-sent-again',
    'calls payments once: plain-500, pay',
  ]),
  ...caughtBy('stress/smoke', 'endpoints-reach-upstreams', ['backup-is-the-same-upstream', 'upstreams of compare']),
);

/** Defects in a service whose upstreams are real servers: one that speaks HTTP, and one that speaks TCP. */
const REAL = inService(
  'test/defects/upstreams/real.ts',
  'test/defects/upstreams/real-service.ts',
  ...caughtBy('chaos/retry-amplification', 'upstream-called-once', [
    'search-sent-again',
    'calls search once: plain-500, find',
  ]),
  ...caughtBy('stress/smoke', 'endpoints-reach-upstreams', ['cache-address-in-the-code', 'connects to cache']),
);

/** Defects in a gateway to an LLM API that has no breakers, no limits and no database. */
const GATEWAY = inService(
  'test/defects/upstreams/gateway.ts',
  'test/defects/upstreams/gateway-service.ts',
  ...caughtBy(
    'chaos/fault-answers',
    'faults-answered',
    ['timeout-until-the-headers', 'answer to stall: llm, ask'],
    ['error-in-a-body-passed-on', 'answer to error-in-body: llm, ask', 'in tests'],
    ['cut-stream-ended-well', 'answer to cut-stream: llm, stream'],
    ['unfinished-stream-ended-well', 'answer to missing-done: llm, stream'],
  ),
  ...caughtBy('chaos/fault-answers', 'faults-answered-in-time', [
    'upstream-given-up-late',
    'answer in time to stall: llm, ask',
  ]),
);

/** Defects in services with other upstreams than those of the reference service. */
export const UPSTREAMS: readonly Defect[] = [...MOCKED, ...REAL, ...GATEWAY];

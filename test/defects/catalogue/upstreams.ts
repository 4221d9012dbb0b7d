import { caughtBy, type Defect, inService } from './defect.ts';

/** Defects in a service that uses a team's own mocks as an upstream and has two upstreams of the same kind. */
const MOCKED = inService(
  'test/defects/upstreams/payments.ts',
  'test/defects/upstreams/service.ts',
  ...caughtBy('chaos/retry-amplification', 'upstream-attempts', [
    'charge-sent-again',
    'attempts at payments: plain-500, pay',
  ]),
  ...caughtBy('stress/smoke', 'endpoints-reach-upstreams', ['backup-is-the-same-upstream', 'upstreams of compare']),
);

/** Defects in a service whose upstreams are real servers: one that speaks HTTP, and one that speaks TCP. */
const REAL = inService(
  'test/defects/upstreams/real.ts',
  'test/defects/upstreams/real-service.ts',
  ...caughtBy('chaos/retry-amplification', 'upstream-attempts', [
    'search-sent-again',
    'attempts at search: plain-500, find',
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
    ['error-in-a-body-passed-on', 'answer to error-in-body: llm, ask', 'in tests'],
    ['cut-stream-ended-well', 'answer to cut-stream: llm, stream'],
    ['unfinished-stream-ended-well', 'answer to missing-done: llm, stream'],
  ),
  ...caughtBy(
    'chaos/fault-answers',
    'faults-answered-in-time',
    ['upstream-given-up-late', 'answer in time to stall: llm, ask'],
    ['timeout-until-the-headers', 'answer in time to stall: llm, ask'],
    ['timeout-for-each-read', 'answer in time to drip: llm, ask'],
  ),
  ...caughtBy(
    'chaos/retry-amplification',
    'upstream-attempts',
    ['attempts-multiplied', 'attempts at llm: plain-500, ask'],
    ['bad-request-sent-again', 'attempts at llm: plain-400, ask'],
    ['given-up-after-a-429', 'attempts at llm: 429-at-once, ask'],
    ['should-retry-ignored', 'attempts at llm: not-again, ask'],
  ),
  ...caughtBy(
    'chaos/retry-amplification',
    'attempts-apart',
    ['retry-after-ignored', 'time between attempts: llm 503-soon, ask'],
    ['retry-after-of-a-429-ignored', 'time between attempts: llm 429-soon, ask'],
    ['milliseconds-ignored', 'time between attempts: llm in-1500-ms, ask'],
    ['retry-after-date-ignored', 'time between attempts: llm 503-dated, ask'],
    ['retry-after-overflows', 'time between attempts: llm 503-next-year, ask'],
    ['no-pause-between-attempts', 'time between attempts: llm plain-500, ask'],
  ),
  ...caughtBy(
    'chaos/retry-amplification',
    'backoff-jittered',
    ['backoff-without-jitter', 'time between attempts differs: llm, ask'],
    ['jitter-drawn-once', 'time between attempts differs: llm, stream'],
    ['jitter-drawn-each-second', 'time between attempts differs: llm, ask'],
    ['retries-released-together', 'time between attempts differs: llm, ask'],
  ),
  ...caughtBy(
    'chaos/retry-amplification',
    'backoff-bounded',
    ['backoff-without-maximum', 'time between attempts is bounded: llm, ask'],
    ['jitter-above-the-maximum', 'time between attempts is bounded: llm, ask'],
  ),
  ...caughtBy(
    'chaos/retry-amplification',
    'faults-answered-in-time',
    ['long-retry-after-waited-for', 'answer in time to 429-tomorrow: llm, ask'],
    ['long-pause-after-a-reset', 'answer in time to reset: llm, ask'],
  ),
  ...caughtBy(
    'chaos/retry-amplification',
    'health-while-calls-fail',
    ['frozen-between-attempts', 'health stays up: calls that fail'],
    ['frozen-after-a-failure', 'health stays up: calls that fail'],
  ),
);

const COSTS_NOTHING = 'callers who left cost the next ones nothing: ask at llm';

/** Defects in a service that ends its upstream calls if the caller leaves, and passes on streams. */
const LEFT = inService(
  'test/defects/upstreams/assistant.ts',
  'test/defects/upstreams/assistant-service.ts',
  ...caughtBy(
    'chaos/leaving-callers',
    'abandoned-calls-end',
    ['abandoned-calls-go-on', 'ends calls of callers who left: ask at llm'],
    ['abandoned-streams-go-on', 'ends calls of callers who left: chat at llm'],
  ),
  ...caughtBy(
    'chaos/leaving-callers',
    'abandoned-calls-count-nothing',
    ['callers-who-left-counted', COSTS_NOTHING],
    ['slots-of-callers-who-left-lost', COSTS_NOTHING],
  ),
  ...caughtBy(
    'stress/specified-numbers',
    'specified-timeouts',
    ['timeout-of-the-client-library', 'gives up as specified: llm, ask'],
    ['default-timeout-in-the-wrong-unit', 'gives up as specified: llm, ask'],
    ['default-timeout-not-a-number', 'gives up as specified: llm, ask'],
  ),
  ...caughtBy('chaos/llm-isolation', 'untouched-never-wait', ['frozen-when-it-opens', 'never frozen in an outage']),
  ...caughtBy('chaos/leaving-callers', 'abandoned-trial-ends', [
    'abandoned-trial-holds-half-open',
    'an abandoned trial does not keep it half-open: llm',
  ]),
  ...caughtBy(
    'chaos/streams',
    'streams-tell-failure',
    ['failed-stream-ended-well', 'stream tells of cut-stream: llm, chat'],
    ['failed-stream-completed', 'stream tells of early-end: llm, chat'],
    ['error-in-a-stream-swallowed', 'stream tells of error-in-stream: llm, chat'],
  ),
  ...caughtBy('stress/smoke', 'streams-complete', ['last-event-left-out', 'complete stream: chat']),
  ...caughtBy('chaos/streams', 'streams-complete', ['stream-of-another-type', 'complete stream: chat']),
  ...caughtBy(
    'chaos/streams',
    'streams-bounded',
    ['keep-alives-prolong-the-timeout', 'ends in time: keep-alives of llm, chat'],
    ['first-event-timeout-ends-with-the-headers', 'ends in time: drip of llm, chat'],
    ['stalled-stream-waited-for', 'ends in time: stall of llm, chat'],
  ),
  ...caughtBy(
    'chaos/streams',
    'streams-count-for-breaker',
    ['begun-streams-count-as-successes', 'counts streams that fail by cut-stream: llm, chat'],
    ['error-in-a-stream-passed-on', 'counts streams that fail by error-in-stream: llm, chat'],
  ),
);

const ENOUGH = 'enough calls at once: llm';
const NOT_TOO_MANY = 'not too many calls at once: llm';
const STREAMS_NOT_LIMITED = 'not too many calls at once: llm, streams';
const BOUNDED = 'waits for a turn are bounded: llm';
const REUSED = 'connections are reused: llm';

/** Defects in a service that limits its concurrent calls to an upstream. */
const LIMITED = inService(
  'test/defects/upstreams/switchboard.ts',
  'test/defects/upstreams/switchboard-service.ts',
  ...caughtBy('stress/concurrency', 'upstream-concurrency-reached', ['one-call-at-a-time', ENOUGH]),
  ...caughtBy(
    'stress/concurrency',
    'upstream-concurrency',
    ['limit-for-each-endpoint', NOT_TOO_MANY],
    ['calls-not-limited', NOT_TOO_MANY],
    ['turn-ends-with-the-headers', STREAMS_NOT_LIMITED],
    ['turn-ends-with-the-first-event', STREAMS_NOT_LIMITED],
  ),
  ...caughtBy(
    'chaos/streams',
    'unread-streams-bounded',
    ['stream-written-without-waiting', 'memory of an unread stream: llm, chat'],
    ['stream-collected-before-it-is-passed-on', 'memory of an unread stream: llm, chat'],
  ),
  ...caughtBy(
    'stress/concurrency',
    'queue-bounded',
    ['queue-without-timeout', BOUNDED],
    ['queue-given-up-late', BOUNDED],
  ),
  ...caughtBy(
    'stress/concurrency',
    'connections-reused',
    ['client-made-anew-for-each-call', REUSED],
    ['connections-not-kept', REUSED],
    ['connection-given-up-after-3-calls', REUSED],
  ),
);

const TOLD = 'says who answered: chat';

/** Defects in a service that calls another LLM if the first one fails. */
const FALLEN_BACK = inService(
  'test/defects/upstreams/router.ts',
  'test/defects/upstreams/router-service.ts',
  ...caughtBy(
    'chaos/fallback',
    'falls-back',
    ['broken-answer-ends-the-call', 'falls back after malformed-json: llm, chat'],
    ['fallback-only-after-a-status', 'falls back after reset: llm, chat'],
    ['bad-request-moved-on', 'does not fall back after 422: llm, chat'],
    ['answer-made-up-if-all-fail', 'falls back after status-429: llm, backup, chat'],
  ),
  ...caughtBy('chaos/fallback', 'fallback-told', ['asked-model-told', TOLD], ['no-model-told', TOLD]),
  ...caughtBy(
    'chaos/fallback',
    'fallback-returns',
    ['stays-with-the-second-model', 'returns to the first upstream after 429 at llm: chat'],
    ['both-models-called-at-once', 'returns to the first upstream after 503 at llm: chat'],
    ['returns-to-the-first-late', 'returns to the first upstream after a long outage: chat'],
  ),
  ...caughtBy(
    'chaos/fallback',
    'fallback-breakers-apart',
    ['one-breaker-for-both-models', 'served during an outage of the first upstream: chat'],
    ['failures-behind-a-fallback-not-counted', 'opens behind the fallback: llm, chat'],
    ['every-call-is-a-trial-behind-the-fallback', 'admits its trials behind the fallback: llm, chat'],
  ),
  ...caughtBy(
    'chaos/fallback',
    'fallback-reopens',
    ['failed-trial-forgotten-behind-the-fallback', 'reopens behind the fallback: llm, chat'],
    ['reopens-half-as-long-behind-the-fallback', 'reopens behind the fallback: llm, chat'],
  ),
  ...caughtBy(
    'chaos/fallback',
    'fallback-spares-breaker',
    ['retired-model-counted', 'not counted by llm: 404-model_not_found, chat'],
    ['errors-of-callers-counted', 'not counted by llm: 400, chat'],
  ),
);

/** Defects in a service that ends its upstream calls if the caller leaves, and has another LLM. */
const LEFT_BY_CALLERS = inService(
  'test/defects/upstreams/patient-router.ts',
  'test/defects/upstreams/router-service.ts',
  ...caughtBy('chaos/leaving-callers', 'abandoned-calls-end', [
    'moves-on-for-nobody',
    'ends calls of callers who left: chat at llm',
  ]),
);

const NOT_REPEATED = 'sends no retries for callers who left: ask at llm';

/** Defects in a gateway that makes no further attempt if the caller leaves. */
const REPEATED_FOR_NOBODY = [
  ...inService(
    'test/defects/upstreams/patient-gateway.ts',
    'test/defects/upstreams/gateway-service.ts',
    ...caughtBy('chaos/leaving-callers', 'abandoned-calls-not-repeated', ['retry-sent-for-nobody', NOT_REPEATED]),
  ),
  ...inService(
    'test/defects/upstreams/unhurried-gateway.ts',
    'test/defects/upstreams/gateway-service.ts',
    ...caughtBy('chaos/leaving-callers', 'abandoned-calls-not-repeated', [
      'cancelled-attempt-sent-again',
      NOT_REPEATED,
    ]),
  ),
];

/** Defects in services with other upstreams than those of the reference service. */
export const UPSTREAMS: readonly Defect[] = [
  ...MOCKED,
  ...REAL,
  ...GATEWAY,
  ...LEFT,
  ...LIMITED,
  ...FALLEN_BACK,
  ...LEFT_BY_CALLERS,
  ...REPEATED_FOR_NOBODY,
];

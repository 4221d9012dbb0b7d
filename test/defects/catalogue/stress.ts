import { caughtBy, type Defect } from './defect.ts';

/** The defects that the suites `stress`, `load` and `gate` must catch. */
export const STRESS: readonly Defect[] = [
  ...caughtBy('stress/smoke', 'endpoints-served', ['endpoint-fails', 'serves docs']),
  ...caughtBy('gate/steady-load', 'load-served', ['every-twentieth-call-fails', 'serves docs under load']),
  ...caughtBy(
    'stress/smoke',
    'endpoints-reach-upstreams',
    ['upstream-called-twice', 'upstreams of conversation-end'],
    ['health-reaches-an-upstream', 'upstreams of health'],
  ),
  ...caughtBy(
    'stress/smoke',
    'endpoints-ask-for-proof',
    ['token-not-asked-for', 'requires credentials: conversation-read'],
    ['token-signature-not-verified', 'requires credentials: conversation-end'],
    ['expired-token-accepted', 'requires credentials: activities-suggest'],
  ),
  ...caughtBy('stress/smoke', 'ledger-keeps-row', [
    'event-stored-under-another-id',
    'ledger keeps a row: conversation-end',
  ]),
  ...caughtBy('stress/smoke', 'pool-endpoint-reads-table', [
    'reads-without-the-table',
    'conversation-read reads conversation_events',
  ]),
  ...caughtBy(
    'stress/smoke',
    'nothing-leaks',
    ['database-url-in-header', 'responses show no secret'],
    ['settings-in-log', 'log shows no secret'],
    ['token-in-log', 'log shows no secret', 'in tests'],
  ),

  ...caughtBy(
    'stress/rate-limits',
    'rate-limit-admits-exactly',
    ['limiter-off-on-one-endpoint', 'admits exactly N: activities-suggest, first window', 'in tests'],
    ['limit-off-by-one', 'admits exactly N: conversation-end, first window', 'in tests'],
    ['limiter-window-restarts-with-each-hit', 'admits exactly N: conversation-end, second window'],
  ),
  ...caughtBy(
    'stress/rate-limits',
    'rate-limit-refuses-until-window-ends',
    ['limiter-window-ends-early', 'refuses until the window ends: conversation-end'],
    ['limiter-trusts-forwarded-for', 'refuses until the window ends: conversation-end'],
  ),
  ...caughtBy(
    'stress/rate-limits',
    'rate-limit-retry-after',
    ['retry-after-too-short', 'correct Retry-After: conversation-end'],
    ['retry-after-too-long', 'correct Retry-After: conversation-end'],
    ['limiter-refuses-without-retry-after', 'correct Retry-After: conversation-end'],
  ),
  ...caughtBy(
    'stress/rate-limits',
    'rate-limit-isolated',
    ['limiter-counts-all-clients-together', 'other clients unaffected by the limit: conversation-end'],
    ['limiter-counts-all-endpoints-together', 'other endpoints unaffected by the limit: health'],
    ['limiter-shared-by-two-endpoints', 'other endpoints unaffected by the limit: conversation-read'],
  ),
  ...caughtBy('stress/rate-limits', 'rate-limit-spares-upstreams', [
    'limit-after-the-work',
    'refused calls cost no upstream request: groq',
  ]),
  ...caughtBy(
    'stress/header-truth',
    'rate-limit-header-truth',
    ['headers-tell-another-limit', 'headers are correct: draft-7, activities-suggest'],
    ['remaining-told-one-too-many', 'headers are correct: draft-7, conversation-end'],
    ['reset-told-as-a-whole-window', 'headers are correct: draft-7, health'],
  ),
  ...caughtBy(
    'stress/window-boundary',
    'rate-limit-window-boundary',
    ['limiter-sliding-window', 'admits exactly after the end: conversation-end'],
    ['limiter-carries-late-hits-over', 'admits exactly after the end: conversation-end'],
  ),
  ...caughtBy(
    'stress/identity',
    'rate-limit-identity',
    ['limiter-trusts-a-vendor-header', 'forged identities gain nothing: conversation-end'],
    ['limiter-counts-each-spelling', 'forged identities gain nothing: activities-suggest'],
    ['limiter-exempts-internal-requests', 'forged identities gain nothing: conversation-read'],
    ['limiter-exempts-head', 'forged identities gain nothing: metrics'],
  ),
  ...caughtBy('stress/limit-benefit', 'limit-benefit', [
    'abuse-refused-for-everybody',
    'serves others beside an abuser',
  ]),
  ...caughtBy('stress/replicas', 'replicas-share-limits', [
    'limits-counted-by-each-replica',
    'replicas share the limit: conversation-end, first window',
  ]),
  ...caughtBy('stress/specified-numbers', 'rate-limit-retry-after', [
    'limits-by-the-hour',
    'correct Retry-After: conversation-read',
  ]),
  ...caughtBy('stress/specified-numbers', 'rate-limit-admits-exactly-once', [
    'limit-other-than-specified',
    'admits exactly N: activities-suggest, first window',
  ]),
  ...caughtBy(
    'stress/specified-numbers',
    'specified-timeouts',
    ['timeout-other-than-specified', 'gives up as specified: groq, conversation-end'],
    ['upstream-waited-for-by-default', 'gives up as specified: mem0, activities-suggest'],
  ),
  ...caughtBy(
    'stress/specified-numbers',
    'specified-recovery',
    ['recovery-timeout-other-than-specified', 'says how long it stays open: llm'],
    ['recovery-timeout-with-a-maximum', 'stays open while watched: llm'],
  ),
  ...caughtBy('stress/specified-numbers', 'rate-limit-holds', [
    'window-with-a-maximum',
    'keeps refusing while watched: conversation-end',
  ]),
  ...caughtBy('stress/changed-numbers', 'specified-recovery', ['threshold-in-the-code', 'opens as specified: llm']),

  ...caughtBy(
    'stress/connection-ceiling',
    'pool-ceiling',
    ['pool-without-ceiling', 'pool never passes its maximum', 'in tests'],
    ['pool-smaller-than-promised', 'pool reaches its maximum'],
  ),
  ...caughtBy('stress/connection-ceiling', 'pool-free-during-upstream-calls', [
    'connection-held-during-upstream-call',
    'pool free during upstream calls: groq in conversation-end',
  ]),
  ...caughtBy(
    'stress/connection-ceiling',
    'pool-refuses-the-rest',
    ['pool-without-acquire-timeout', 'pool refuses the rest in time'],
    ['pool-with-unbounded-queue', 'pool bounds its queue'],
    ['late-rows-thrown-away', 'pool serves calls that hold a connection'],
  ),
  ...caughtBy('stress/connection-ceiling', 'pool-says-when', [
    'pool-refusal-says-at-once',
    'refusals have a correct Retry-After',
  ]),
  ...caughtBy('stress/connection-ceiling', 'pool-recovers', ['pool-sulks-after-a-refusal', 'pool recovers']),
  ...caughtBy('stress/connection-ceiling', 'pool-survives-lost-connections', [
    'slots-refusal-is-an-internal-error',
    'pool survives lost connections',
  ]),
  ...caughtBy(
    'stress/connection-ceiling',
    'pool-leaks-nothing',
    ['pool-leaks-a-connection', 'pool leaks nothing'],
    ['connection-lost-with-its-client', 'pool leaks nothing'],
  ),
  ...caughtBy('stress/connection-ceiling', 'service-stays-up', ['process-ends-with-a-connection', 'service stays up']),
  ...caughtBy(
    'stress/noisy-neighbour',
    'noisy-neighbour-survived',
    ['server-without-slots-waited-for', 'served or refused: neighbour leaves none'],
    ['neighbour-remembered-too-long', 'serves again when the neighbour has left'],
  ),

  ...caughtBy('load/soak', 'bears-a-soak', ['reads-keep-their-memory', 'memory does not grow in a soak']),
  ...caughtBy('load/ramp', 'bears-its-load', ['reads-one-at-a-time', 'capacity: conversation-read']),
  ...caughtBy(
    'load/spike',
    'survives-a-spike',
    ['overload-is-an-internal-error', 'serves or refuses a spike'],
    ['spike-remembered-too-long', 'recovers after a spike'],
  ),
];

/** A service with a known defect, and what is meant to catch it. */
export interface Defect {
  /** The service's file in test/defects/services/. */
  name: string;
  scenario: string;
  /** The checker, by its name in harness/checkers/index.ts. */
  checker: string;
  /** The one of its checks that must say FAIL. */
  check: string;
  /** Whether the test suite runs it too; all are run by `make prove`. */
  inTests?: true;
}

type Row = [name: string, check: string, inTests?: 'in tests'];

const caughtBy = (scenario: string, checker: string, ...rows: Row[]): Defect[] =>
  rows.map(([name, check, inTests]) => ({ name, scenario, checker, check, ...(inTests && { inTests: true }) }));

/** Kinds of faults, as chaos/llm-failure-policy and chaos/memory-failure-policy take them together. */
const UNUSABLE = 'status 408, status 502, status 504, html-page, error-in-body';
const BLAMING = [400, 401, 403, 404, 409, 413, 422, 424, 498, 499].map((status) => `status ${status}`).join(', ');
const HARMLESS =
  'latency 50, latency-ramp 50 1, slow-first-token 50, split-chunks, error-in-stream, cut-stream 1, missing-done';

/** Every service with a known defect. */
export const DEFECTS: readonly Defect[] = [
  ...caughtBy('stress/smoke', 'endpoints-served', ['endpoint-fails', 'serves docs']),
  ...caughtBy('gate/steady-load', 'load-served', ['every-twentieth-call-fails', 'serves docs under load']),
  ...caughtBy(
    'stress/smoke',
    'endpoints-reach-upstreams',
    ['upstream-called-twice', 'upstreams of conversation-end'],
    ['health-reaches-an-upstream', 'upstreams of health'],
  ),
  ...caughtBy('stress/smoke', 'endpoints-ask-for-proof', ['token-not-asked-for', 'asks for proof: conversation-read']),
  ...caughtBy('stress/smoke', 'ledger-keeps-row', [
    'event-stored-under-another-id',
    'ledger keeps a row: conversation-end',
  ]),
  ...caughtBy('stress/smoke', 'pool-endpoint-reads-table', [
    'reads-without-the-table',
    'conversation-read reads conversation_events',
  ]),

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
    ['limiter-window-ends-early', 'refuses all after: conversation-end'],
    ['limiter-trusts-forwarded-for', 'refuses all after: conversation-end'],
  ),
  ...caughtBy(
    'stress/rate-limits',
    'rate-limit-retry-after',
    ['retry-after-too-short', 'true Retry-After: conversation-end'],
    ['retry-after-too-long', 'true Retry-After: conversation-end'],
  ),
  ...caughtBy(
    'stress/rate-limits',
    'rate-limit-isolated',
    ['limiter-counts-all-clients-together', 'other client untouched: conversation-end'],
    ['limiter-counts-all-endpoints-together', 'other endpoint untouched: health'],
  ),
  ...caughtBy('stress/rate-limits', 'thresholds', [
    'limiter-refuses-without-retry-after',
    'threshold refusal_says_when',
  ]),
  ...caughtBy(
    'stress/header-truth',
    'rate-limit-header-truth',
    ['headers-tell-another-limit', 'headers are true: draft-6, activities-suggest'],
    ['remaining-told-one-too-many', 'headers are true: draft-6, conversation-end'],
    ['reset-told-as-a-whole-window', 'headers are true: draft-6, health'],
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
    ['limiter-trusts-a-vendor-header', 'gains nothing by another identity: conversation-end'],
    ['limiter-counts-each-spelling', 'gains nothing by another identity: activities-suggest'],
  ),
  ...caughtBy('stress/replicas', 'replicas-share-limits', [
    'limits-counted-by-each-replica',
    'replicas share the limit: conversation-end, first window',
  ]),
  ...caughtBy('stress/specified-numbers', 'rate-limit-admits-exactly-once', [
    'limit-other-than-specified',
    'admits exactly N: activities-suggest, first window',
  ]),
  ...caughtBy('stress/specified-numbers', 'thresholds', [
    'recovery-timeout-other-than-specified',
    'threshold recovery_timeout_as_specified',
  ]),

  ...caughtBy(
    'stress/connection-ceiling',
    'pool-ceiling',
    ['pool-without-ceiling', 'pool never passes its maximum', 'in tests'],
    ['pool-smaller-than-promised', 'pool reaches its maximum'],
  ),
  ...caughtBy('stress/connection-ceiling', 'pool-free-during-upstream-calls', [
    'connection-held-during-upstream-call',
    'pool free: groq in conversation-end',
    'in tests',
  ]),
  ...caughtBy(
    'stress/connection-ceiling',
    'pool-refuses-the-rest',
    ['pool-without-acquire-timeout', 'pool refuses the rest in time'],
    ['pool-with-unbounded-queue', 'pool bounds its queue'],
    ['late-rows-thrown-away', 'pool serves who holds a connection'],
  ),
  ...caughtBy('stress/connection-ceiling', 'pool-recovers', ['pool-sulks-after-a-refusal', 'pool recovers']),
  ...caughtBy('stress/connection-ceiling', 'pool-survives-lost-connections', [
    'slots-refusal-is-an-internal-error',
    'pool survives lost connections',
  ]),
  ...caughtBy('stress/connection-ceiling', 'pool-leaks-nothing', ['pool-leaks-a-connection', 'pool leaks nothing']),
  ...caughtBy('stress/connection-ceiling', 'service-stays-up', ['process-ends-with-a-connection', 'service stays up']),
  ...caughtBy(
    'stress/noisy-neighbour',
    'noisy-neighbour-survived',
    ['server-without-slots-waited-for', 'served or refused: neighbour leaves none'],
    ['neighbour-remembered-too-long', 'serves again when the neighbour has left'],
  ),

  ...caughtBy('load/soak', 'bears-a-soak', ['reads-keep-their-memory', 'memory does not pile up in a soak']),
  ...caughtBy('load/ramp', 'bears-its-load', ['reads-one-at-a-time', 'capacity: conversation-read']),
  ...caughtBy(
    'load/spike',
    'survives-a-spike',
    ['overload-is-an-internal-error', 'serves or refuses a spike'],
    ['spike-remembered-too-long', 'as before after a spike'],
  ),

  ...caughtBy(
    'chaos/llm-outage',
    'breaker-stays-closed',
    ['breaker-opens-after-4', 'stays closed below'],
    ['success-does-not-reset-the-count', 'stays closed below again'],
    ['upstream-called-again-after-a-failure', 'stays closed below'],
  ),
  ...caughtBy('chaos/memory-outage', 'breaker-opens', ['breaker-opens-after-6', 'opens at the threshold', 'in tests']),
  ...caughtBy(
    'chaos/llm-outage',
    'breaker-opens',
    ['one-breaker-for-both-upstreams', 'opens at the threshold'],
    ['breaker-recovers-half-as-late', 'refuses while open'],
  ),
  ...caughtBy('chaos/llm-outage', 'breaker-refuses-at-once', ['open-breaker-waits-before-refusing', 'refuses at once']),
  ...caughtBy(
    'chaos/llm-outage',
    'breaker-admits-one-trial',
    ['breaker-never-half-opens', 'admits one trial', 'in tests'],
    ['half-open-lets-all-through', 'admits one trial', 'in tests'],
  ),
  ...caughtBy(
    'chaos/llm-outage',
    'breaker-reopens',
    ['failed-trial-does-not-reopen', 'reopens for a whole timeout'],
    ['failed-trial-reopens-half-as-long', 'reopens for a whole timeout'],
  ),
  ...caughtBy('chaos/llm-outage', 'breaker-closes', ['breaker-closes-late', 'closes after a good trial']),
  ...caughtBy(
    'chaos/llm-outage',
    'outage-isolated',
    ['llm-outage-stops-memory-calls', 'memory breaker untouched'],
    ['health-fails-while-a-breaker-is-open', 'health untouched'],
  ),
  ...caughtBy(
    'chaos/llm-outage',
    'transitions-logged',
    ['opening-logged-with-wrong-count', 'transitions logged'],
    ['closing-not-logged', 'transitions logged'],
  ),
  ...caughtBy(
    'chaos/llm-outage',
    'thresholds',
    ['open-breaker-refuses-without-retry-after', 'threshold refusal_says_when'],
    ['openings-not-counted', 'threshold openings_counted'],
  ),
  ...caughtBy('chaos/llm-outage', 'recovers', ['page-lost-in-an-outage', 'steady state after']),

  ...caughtBy(
    'chaos/llm-failure-policy',
    'failure-policy',
    ['error-in-an-answer-not-counted', `counts as failures for llm: ${UNUSABLE}`],
    ['refused-request-counts', `ignored by llm: ${BLAMING}`],
    ['refused-request-ends-a-row', `ignored by llm: ${BLAMING}`],
  ),
  ...caughtBy('chaos/memory-failure-policy', 'failure-policy', [
    'answer-in-pieces-refused',
    `harmless to memory: ${HARMLESS}`,
  ]),
  ...caughtBy('chaos/count-429', 'failure-policy', [
    'too-many-requests-never-count',
    'counts as failures for llm: status 429',
    'in tests',
  ]),
  ...caughtBy('chaos/ignore-429', 'failure-policy', [
    'too-many-requests-always-count',
    'ignored by memory: status 429',
    'in tests',
  ]),

  ...caughtBy(
    'chaos/slow-upstream',
    'slow-upstream-bounded',
    ['slow-upstream-given-up-early', 'serves what comes in time: llm'],
    ['slow-upstream-waited-for', 'gives up what comes too late: llm'],
    ['timeouts-not-counted', 'opens by what comes too late: memory'],
  ),
  ...caughtBy(
    'chaos/slow-upstream',
    'hung-trial-given-up',
    ['hung-trial-holds-half-open', 'reopens after a hung trial: llm', 'in tests'],
    ['hung-trial-counts-for-nothing', 'reopens after a hung trial: llm'],
  ),
  ...caughtBy(
    'chaos/late-results',
    'late-results-ignored',
    ['late-success-closes', 'a late success does not close it: llm', 'in tests'],
    ['late-success-is-a-trial', 'a late success is no trial: llm'],
    ['late-failure-prolongs-the-opening', 'a late failure does not prolong it: llm'],
    ['late-failure-is-a-trial', 'a late failure is no trial: llm'],
  ),
  ...caughtBy(
    'chaos/both-outages',
    'outages-apart',
    ['second-outage-not-counted', 'opens by itself: memory'],
    ['memory-closes-with-llm', 'stays open while its upstream is out: memory'],
    ['llm-trial-waits-for-memory', 'closes by itself: llm'],
  ),

  ...caughtBy(
    'chaos/database-outage',
    'database-outage-survived',
    ['database-silence-waited-out', 'answers in time: blackhole', 'in tests'],
    ['database-loss-is-an-internal-error', 'answers in time: terminate', 'in tests'],
    ['health-asks-the-database', 'health stays up: blackhole'],
    ['database-never-reconnected', 'recovers by itself: terminate'],
  ),

  ...caughtBy('chaos/isolation', 'untouched-stay-as-fast', [
    'reads-wait-while-the-llm-is-down',
    'conversation-read as fast while its breaker is open',
  ]),

  ...caughtBy('chaos/breaker-benefit', 'breaker-benefit', [
    'open-breaker-burns-processor-time',
    'no more processor time',
  ]),

  ...caughtBy(
    'chaos/retry-amplification',
    'upstream-called-once',
    ['upstream-called-again-after-429', 'calls groq once: 429-at-once, conversation-end'],
    ['upstream-tried-again-in-the-background', 'calls groq once: plain-500, conversation-end'],
    ['failed-upstream-waited-for', 'calls groq once: 429-tomorrow, conversation-end'],
  ),

  ...caughtBy(
    'chaos/termination',
    'acknowledged-is-stored',
    ['acknowledges-before-it-stores', 'acknowledged is stored: SIGKILL'],
    ['stores-twice', 'acknowledged is stored: SIGTERM'],
    ['does-not-end-when-told-to', 'ends when told to'],
  ),

  ...caughtBy(
    'chaos/impostor',
    'impostor-gets-nothing',
    ['tls-verification-off', 'impostor gets nothing: groq self-signed, conversation-end', 'in tests'],
    ['tls-unverified-for-one-upstream', 'impostor gets nothing: mem0 unknown-ca, activities-suggest'],
    ['expired-certificate-accepted', 'impostor gets nothing: mem0 expired, activities-suggest'],
    ['host-name-not-checked', 'impostor gets nothing: mem0 wrong-host, activities-suggest'],
    ['not-yet-valid-certificate-accepted', 'impostor gets nothing: mem0 not-yet-valid, activities-suggest'],
    ['incomplete-chain-accepted', 'impostor gets nothing: mem0 incomplete-chain, activities-suggest'],
    ['weak-key-accepted', 'impostor gets nothing: mem0 weak-key, activities-suggest'],
    ['impostor-is-an-internal-error', 'impostor gets nothing: groq expired, conversation-end'],
  ),
  ...caughtBy(
    'chaos/database-impostor',
    'impostor-gets-nothing',
    ['database-certificate-not-verified', 'impostor gets nothing: database self-signed, conversation-read', 'in tests'],
    ['database-host-name-not-checked', 'impostor gets nothing: database wrong-host, conversation-read'],
    ['database-impostor-is-an-internal-error', 'impostor gets nothing: database expired, conversation-read'],
  ),

  ...caughtBy(
    'chaos/weak-secret',
    'weak-secret-refused',
    ['weak-secret-accepted', 'refuses to start: empty', 'in tests'],
    ['placeholder-key-accepted', 'refuses to start: a placeholder'],
    ['weak-secret-refused-in-other-words', 'refuses to start: the default key'],
    ['weak-secret-refused-with-another-code', 'refuses to start: the default key'],
  ),
  ...caughtBy(
    'chaos/unsafe-start',
    'unsafe-start-refused',
    ['unverified-upstreams-accepted', 'refuses to start: unverified upstreams', 'in tests'],
    ['misspelt-protection-accepted', 'refuses to start: a misspelt protection'],
  ),
  ...caughtBy('chaos/weak-secret', 'strong-secret-accepted', ['strong-secret-refused', 'starts: 32 characters']),
];

/** Checkers that no defect of a service turns red, and why. */
export const NEVER_RED: Readonly<Record<string, string>> = {
  'steady-state': 'a service that did not work before anything was broken proves nothing: INCONCLUSIVE',
  'generator-sound': 'judges the generator: it voids a run, and blames nobody',
  'nothing-stalled': 'judges the machine: it voids a run, and blames nobody',
  'faults-delivered': 'judges the fakes: it voids a run, and blames nobody',
  'counts-agree': 'judges the record: it voids a run, and blames nobody',
};

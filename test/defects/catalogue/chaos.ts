import { caughtBy, type Defect, saying } from './defect.ts';

/** Kinds of faults, grouped as in chaos/llm-failure-policy and chaos/memory-failure-policy. */
const UNUSABLE = 'status 408, status 502, status 504, html-page, error-in-body';
const BLAMING = [400, 401, 403, 404, 409, 413, 422, 424, 498, 499].map((status) => `status ${status}`).join(', ');
const HARMLESS =
  'latency 50, latency-ramp 50 1, slow-first-token 50, split-chunks, error-in-stream, cut-stream 1, missing-done, flood 1';

/** The defects that the suite `chaos` must catch. */
export const CHAOS: readonly Defect[] = [
  ...caughtBy('chaos/llm-outage', 'breaker-stays-closed', [
    'upstream-called-again-after-a-failure',
    'stays closed below',
  ]),
  ...saying(
    'it opens early, after 4 failures in a row instead of 5',
    ...caughtBy('chaos/llm-outage', 'breaker-stays-closed', ['breaker-opens-after-4', 'stays closed below']),
  ),
  ...saying(
    'it counts other failures, too',
    ...caughtBy('chaos/llm-outage', 'breaker-stays-closed', [
      'success-does-not-reset-the-count',
      'stays closed below again',
    ]),
    ...caughtBy('chaos/both-outages', 'outages-apart', ['llm-failures-count-twice', 'opens independently: memory']),
  ),
  ...saying(
    'it opens late, after 6 failures in a row instead of 5',
    ...caughtBy('chaos/memory-outage', 'breaker-opens', [
      'breaker-opens-after-6',
      'opens at the threshold',
      'in tests',
    ]),
  ),
  ...saying(
    'it never opens: after 15 failures in a row',
    ...caughtBy('chaos/llm-outage', 'breaker-opens', ['breaker-never-opens', 'opens at the threshold']),
  ),
  ...saying(
    'it shares a breaker with memory',
    ...caughtBy('chaos/llm-outage', 'breaker-opens', ['one-breaker-for-both-upstreams', 'opens at the threshold']),
  ),
  ...caughtBy(
    'chaos/llm-outage',
    'breaker-opens',
    ['breaker-recovers-half-as-late', 'refuses while open'],
    ['failures-forgotten-after-a-while', 'opens at the threshold'],
  ),
  ...caughtBy(
    'chaos/llm-outage',
    'nothing-leaks',
    ['api-key-in-error-body', 'responses show no secret'],
    ['stack-in-error-body', 'responses show nothing internal'],
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
    ['failed-trial-does-not-reopen', 'reopens for a full timeout'],
    ['failed-trial-reopens-half-as-long', 'reopens for a full timeout'],
  ),
  ...caughtBy('chaos/llm-outage', 'breaker-counts-anew', [
    'closing-does-not-reset-the-count',
    'stays closed below after recovery',
  ]),
  ...caughtBy('chaos/llm-outage', 'breaker-closes', ['breaker-closes-late', 'closes after a good trial']),
  ...caughtBy(
    'chaos/llm-outage',
    'outage-isolated',
    ['llm-outage-stops-memory-calls', 'memory breaker unaffected'],
    ['health-fails-while-a-breaker-is-open', 'health unaffected'],
  ),
  ...caughtBy(
    'chaos/llm-outage',
    'transitions-logged',
    ['opening-logged-with-wrong-count', 'transitions logged'],
    ['closing-not-logged', 'transitions logged'],
    ['half-open-logged-with-the-opening', 'transitions logged'],
  ),
  ...caughtBy(
    'chaos/llm-outage',
    'breaker-says-when',
    ['open-breaker-refuses-without-retry-after', 'refusals have a correct Retry-After'],
    ['open-breaker-says-at-once', 'refusals have a correct Retry-After'],
    ['open-breaker-says-too-late', 'refusals have a correct Retry-After'],
  ),
  ...caughtBy('chaos/llm-outage', 'not-served-while-open', [
    'suggestion-made-up-while-the-llm-is-down',
    'not served while open: activities-suggest',
  ]),
  ...caughtBy('chaos/llm-outage', 'thresholds', ['openings-not-counted', 'threshold openings_counted']),
  ...caughtBy('chaos/llm-outage', 'recovers', ['page-lost-in-an-outage', 'steady state after']),
  ...caughtBy('chaos/llm-failure-policy', 'recovers', ['ignored-trial-holds-half-open', 'steady state after']),
  ...caughtBy('chaos/count-429', 'recovers', ['breaker-open-as-long-as-an-upstream-asks', 'steady state after']),

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
    ['slow-upstream-given-up-early', 'serves answers within the timeout: llm'],
    ['slow-upstream-waited-for', 'times out late answers: llm'],
    ['upstream-timeout-for-each-read', 'times out late answers: llm'],
    ['timeouts-not-counted', 'counts timeouts as failures: memory'],
    ['late-memories-taken-for-extracted', 'times out late answers: memory'],
  ),
  ...caughtBy(
    'chaos/slow-upstream',
    'hung-trial-given-up',
    ['hung-trial-holds-half-open', 'reopens after a hung trial: llm'],
    ['hung-trial-counts-for-nothing', 'reopens after a hung trial: llm'],
  ),
  ...caughtBy(
    'chaos/late-results',
    'late-results-ignored',
    ['late-success-closes', 'a late success does not close it: llm'],
    ['late-success-is-a-trial', 'a late success does not count as a trial: llm'],
    ['late-failure-prolongs-the-opening', 'a late failure does not extend the open period: llm'],
    ['late-failure-is-a-trial', 'a late failure does not count as a trial: llm'],
  ),
  ...caughtBy(
    'chaos/both-outages',
    'outages-apart',
    ['second-outage-not-counted', 'opens independently: memory'],
    ['memory-closes-with-llm', 'stays open while its upstream is out: memory'],
    ['llm-trial-waits-for-memory', 'closes independently: llm'],
  ),

  ...caughtBy(
    'chaos/database-outage',
    'database-outage-survived',
    ['database-silence-waited-out', 'answers in time: blackhole'],
    ['database-loss-is-an-internal-error', 'answers in time: terminate'],
    ['health-asks-the-database', 'health stays up: blackhole'],
    ['database-never-reconnected', 'recovers by itself: terminate'],
  ),
  ...caughtBy('chaos/database-outage', 'acknowledged-in-an-outage', [
    'event-acknowledged-without-its-row',
    'acknowledged in an outage is stored',
  ]),

  ...caughtBy('chaos/llm-isolation', 'untouched-stay-as-fast', [
    'reads-wait-while-the-llm-is-down',
    'conversation-read as fast while its breaker is open',
  ]),
  ...caughtBy(
    'chaos/llm-isolation',
    'untouched-never-wait',
    ['frozen-once-in-an-outage', 'never frozen in an outage'],
    ['frozen-at-each-opening', 'never frozen in an outage'],
  ),

  ...caughtBy('chaos/llm-breaker-benefit', 'breaker-benefit', [
    'open-breaker-burns-processor-time',
    'no more processor time',
  ]),

  ...caughtBy(
    'chaos/retry-amplification',
    'upstream-attempts',
    ['upstream-called-again-after-429', 'attempts at groq: 429-at-once, conversation-end'],
    ['upstream-tried-again-in-the-background', 'attempts at groq: plain-500, conversation-end'],
  ),
  ...caughtBy('chaos/retry-amplification', 'faults-answered', [
    'failure-hidden-by-a-made-up-answer',
    'answer to plain-500: groq, conversation-end',
  ]),
  ...caughtBy('chaos/retry-amplification', 'faults-answered-in-time', [
    'failed-upstream-waited-for',
    'answer in time to 429-tomorrow: groq, conversation-end',
  ]),

  ...caughtBy(
    'chaos/termination',
    'acknowledged-is-stored',
    ['acknowledges-before-it-stores', 'acknowledged is stored: SIGKILL'],
    ['stores-twice', 'acknowledged is stored: SIGTERM'],
  ),
  ...caughtBy(
    'chaos/termination',
    'lost-reply-stored-once',
    ['insert-repeated-under-a-new-id', 'stored once although the reply is lost'],
    ['failed-insert-repeated-later', 'stored once although the reply is lost'],
  ),
  ...caughtBy('chaos/termination', 'ends-when-told-to', ['does-not-end-when-told-to', 'exits on SIGTERM']),
  ...caughtBy('chaos/termination', 'in-flight-at-end', [
    'requests-in-flight-dropped',
    'requests in progress at SIGTERM',
  ]),

  ...caughtBy(
    'chaos/impostor',
    'impostor-gets-nothing',
    ['tls-verification-off', 'refuses an untrusted certificate: groq self-signed, conversation-end', 'in tests'],
    ['tls-unverified-for-one-upstream', 'refuses an untrusted certificate: mem0 unknown-ca, activities-suggest'],
    ['expired-certificate-accepted', 'refuses an untrusted certificate: mem0 expired, activities-suggest'],
    ['host-name-not-checked', 'refuses an untrusted certificate: mem0 wrong-host, activities-suggest'],
    ['not-yet-valid-certificate-accepted', 'refuses an untrusted certificate: mem0 not-yet-valid, activities-suggest'],
    ['incomplete-chain-accepted', 'refuses an untrusted certificate: mem0 incomplete-chain, activities-suggest'],
    ['impostor-is-an-internal-error', 'refuses an untrusted certificate: groq expired, conversation-end'],
  ),
  ...saying(
    'an RSA key of 1,024 bits is too small',
    ...caughtBy('chaos/impostor', 'impostor-gets-nothing', [
      'weak-key-accepted',
      'refuses an untrusted certificate: mem0 weak-key, activities-suggest',
    ]),
  ),
  ...saying(
    'its API key in clear text',
    ...caughtBy('chaos/impostor', 'impostor-gets-nothing', [
      'plain-http-after-a-bad-certificate',
      'refuses an untrusted certificate: mem0 self-signed, activities-suggest',
      'in tests',
    ]),
  ),
  ...saying(
    'mem0: plain text (ERR_SSL_HTTP_REQUEST)',
    ...caughtBy('chaos/impostor', 'upstreams-over-tls', [
      'plain-http-after-a-refused-connection',
      'upstreams called over TLS only',
    ]),
  ),
  ...caughtBy(
    'chaos/database-impostor',
    'impostor-gets-nothing',
    [
      'database-certificate-not-verified',
      'refuses an untrusted certificate: database self-signed, conversation-read',
      'in tests',
    ],
    ['database-host-name-not-checked', 'refuses an untrusted certificate: database wrong-host, conversation-read'],
    ['database-impostor-is-an-internal-error', 'refuses an untrusted certificate: database expired, conversation-read'],
  ),

  ...caughtBy('chaos/unverified-upstreams', 'unverified-upstreams-served', [
    'verification-always-on',
    'serves without verification: groq self-signed, conversation-end',
  ]),
  ...caughtBy('chaos/accepted-work', 'work-accepted', [
    'pending-event-is-an-internal-error',
    'accepts work: conversation-end without groq',
  ]),
  ...saying(
    'groq: none; mem0: none',
    ...caughtBy('chaos/accepted-work', 'work-finished', [
      'pending-events-left-to-clients',
      'finishes work by itself: conversation-end without groq',
    ]),
  ),
  ...caughtBy(
    'chaos/accepted-work',
    'work-finished',
    ['pending-events-finished-late', 'finishes work by itself: conversation-end without groq'],
    ['pending-events-lost-at-a-restart', 'finishes work by itself: conversation-end without mem0, then SIGTERM'],
  ),
  ...caughtBy(
    'chaos/accepted-work',
    'work-finished-once',
    ['pending-event-finished-twice', 'finishes work once: conversation-end without mem0'],
    ['finished-step-repeated', 'finishes work once: conversation-end without mem0'],
  ),
  ...caughtBy(
    'chaos/weak-secret',
    'weak-secret-refused',
    ['weak-secret-accepted', 'refuses to start: empty', 'in tests'],
    ['placeholder-key-accepted', 'refuses to start: a placeholder'],
    ['weak-secret-refused-in-other-words', 'refuses to start: the-default-key'],
    ['weak-secret-refused-with-another-code', 'refuses to start: the-default-key'],
  ),
  ...caughtBy(
    'chaos/unsafe-start',
    'unsafe-start-refused',
    ['unverified-upstreams-accepted', 'refuses to start: unverified-upstreams', 'in tests'],
    ['development-by-default', 'refuses to start: no-environment-and-unverified-upstreams'],
    ['plain-text-upstreams-accepted', 'refuses to start: an-LLM-API-in-plain-text'],
    ['misspelt-protection-accepted', 'refuses to start: a-misspelt-protection'],
    ['replicas-not-summed', 'refuses to start: pools-of-all-replicas-that-it-has-no-room-for'],
  ),
  ...caughtBy('chaos/weak-secret', 'strong-secret-accepted', ['strong-secret-refused', 'starts: 32-characters']),
];

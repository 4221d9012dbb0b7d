import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

/** A gateway to an LLM API without breakers, limits and a database. It repeats failed calls. */
export default {
  name: 'gateway to an LLM API',
  start: {
    command: ['node', 'gateway-service.ts'],
    readyPath: '/health',
    readySeconds: 20,
  },
  upstreams: {
    llm: {
      kind: 'groq',
      tls: false,
      basePath: '/openai/v1',
      calls: {
        attempts: 3,
        on: [429, '5xx', 'connection'],
        never: ['4xx', 'timeout'],
        retryAfter: 'capped',
        hints: ['retry-after-ms', 'x-should-retry'],
        backoff: { minSeconds: 0.2, maxSeconds: 0.3, totalSeconds: 0.6, jitter: true },
        budgetSeconds: 5,
      },
    },
  },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}' },
  endpoints: {
    ask: {
      method: 'POST',
      path: '/ask',
      served: [200],
      reaches: ['llm'],
      answers: { as: 'whole' },
      onFault: {
        400: 502,
        429: 503,
        503: 502,
        reset: 502,
        refuse: 502,
        'error-in-body': 502,
        'malformed-json': 502,
        'partial-json': 502,
        'html-page': 502,
        cut: 502,
        'split-chunks': 'served',
        hang: { answer: 504, withinSeconds: 1 },
        stall: { answer: 504, withinSeconds: 1 },
        drip: { answer: 504, withinSeconds: 1 },
        'keep-alives': { answer: 504, withinSeconds: 1 },
      },
    },
    stream: {
      method: 'POST',
      path: '/stream',
      served: [200],
      reaches: ['llm'],
      onFault: {
        503: 502,
        'cut-stream': 'error',
        'error-in-stream': 'error',
        'missing-done': 'error',
        'split-chunks': 'served',
        hang: { answer: 504, withinSeconds: 1 },
        stall: { answer: 'error', withinSeconds: 1 },
      },
      stream: { format: 'sse', firstEventSeconds: 1, stallSeconds: 1, end: '[DONE]' },
    },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  profiles: { fast: {} },
} satisfies ContractFile;

export const defects = inProgram(
  'gateway-service.ts',
  each('chaos/fault-answers', 'faults-answered', {
    'error-in-a-body-passed-on': 'answer to error-in-body: llm, ask',
    'cut-stream-ended-well': 'answer to cut-stream: llm, stream',
    'unfinished-stream-ended-well': 'answer to missing-done: llm, stream',
  }),
  each('chaos/fault-answers', 'faults-answered-in-time', {
    'upstream-given-up-late': 'answer in time to stall: llm, ask',
    'timeout-until-the-headers': 'answer in time to stall: llm, ask',
    'timeout-for-each-read': 'answer in time to drip: llm, ask',
  }),
  each('chaos/retry-amplification', 'upstream-attempts', {
    'attempts-multiplied': 'attempts at llm: plain-500, ask',
    'bad-request-sent-again': 'attempts at llm: plain-400, ask',
    'given-up-after-a-429': 'attempts at llm: 429-at-once, ask',
    'should-retry-ignored': 'attempts at llm: not-again, ask',
  }),
  each(
    'chaos/retry-amplification',
    'calls-rescued',
    {
      'rescue-thrown-away': 'rescued after plain-500: llm, ask',
      'second-rescue-thrown-away': 'rescued after plain-500: llm, stream',
      'rescue-from-a-reset-thrown-away': 'rescued after reset: llm, ask',
    },
    { says: 'A later attempt gets an answer, but the caller gets' },
  ),
  each('chaos/retry-amplification', 'rescued-answers', {
    'empty-answer-after-a-failure': 'answer of the good attempt: llm, ask',
  }),
  each('chaos/retry-amplification', 'attempts-apart', {
    'retry-after-ignored': 'time between attempts: llm 503-soon, ask',
    'retry-after-of-a-429-ignored': 'time between attempts: llm 429-soon, ask',
    'milliseconds-ignored': 'time between attempts: llm in-1500-ms, ask',
    'retry-after-date-ignored': 'time between attempts: llm 503-dated, ask',
    'retry-after-overflows': 'time between attempts: llm 503-next-year, ask',
    'no-pause-between-attempts': 'time between attempts: llm plain-500, ask',
  }),
  each('chaos/retry-amplification', 'backoff-jittered', {
    'backoff-without-jitter': 'time between attempts differs: llm, ask',
    'jitter-drawn-once': 'time between attempts differs: llm, stream',
    'jitter-drawn-each-second': 'time between attempts differs: llm, ask',
    'retries-released-together': 'time between attempts differs: llm, ask',
  }),
  each('chaos/retry-amplification', 'backoff-bounded', {
    'backoff-without-maximum': 'time between attempts is bounded: llm, ask',
    'jitter-above-the-maximum': 'time between attempts is bounded: llm, ask',
    'pauses-not-added-up': 'all waits between attempts are bounded: llm, ask',
  }),
  each('chaos/retry-amplification', 'faults-answered-in-time', {
    'long-retry-after-waited-for': 'answer in time to 429-tomorrow: llm, ask',
    'long-pause-after-a-reset': 'answer in time to reset: llm, ask',
  }),
  each('chaos/retry-amplification', 'health-while-calls-fail', {
    'frozen-between-attempts': 'health stays up: calls that fail',
    'frozen-after-a-failure': 'health stays up: calls that fail',
  }),
);

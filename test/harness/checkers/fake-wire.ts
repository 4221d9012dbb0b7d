import { isDeepStrictEqual } from 'node:util';
import { WIRE_MUTANTS } from '../../../harness/checkers/index.ts';
import type { ActionPhase } from '../../../harness/contract/phases.ts';
import type { Exchange, WireAnswer } from '../../../harness/wire/exchange.ts';
import type { Wire, WireHooks } from '../../../harness/wire/wire-mutant.ts';
import type { WirePhase } from '../../../harness/wire/wire-phase.ts';

/** An answer as a test describes it. */
export interface Given extends Partial<Omit<Exchange, 'header' | 'asked' | 'whole'>> {
  headers?: Record<string, string>;
  /** Headers of the request. */
  sent?: Record<string, string>;
  body?: string;
}

const CONTRACT = {
  endpoints: {
    ask: {
      served: [200],
      reaches: ['llm'],
      fallback: { order: ['llm', 'backup'] },
      servedWithout: [],
      onFault: { hang: { answer: 504, withinSeconds: 0.1 } },
      stream: { format: 'sse', end: '[DONE]', firstEventSeconds: 3 },
      cancels: { withinSeconds: 1 },
      finishesLater: { accepted: [202, 500], withinSeconds: 2 },
    },
    cached: {
      served: [200],
      reaches: ['llm'],
      servedWithout: [],
      onFault: {},
      answers: { cache: { perCaller: true, seconds: 2 } },
    },
    list: { served: [200], reaches: [], onFault: {} },
    store: { served: [200], reaches: ['database', 'llm'], onFault: {}, storesNothing: [504] },
    health: { served: [200], reaches: [], onFault: {} },
  },
  upstreams: {
    llm: {
      concurrency: 2,
      calls: { attempts: 3, on: ['5xx'], never: ['timeout'], backoff: { minSeconds: 1, maxSeconds: 2 } },
    },
  },
  termination: { ready: 'health', drainSeconds: 1 },
  limiter: { retryAfter: true, headers: ['draft-7'] },
  breakers: {
    llm: {
      upstream: 'llm',
      endpoint: 'ask',
      refusal: 503,
      retryAfter: true,
      trials: 1,
      duringTrial: 'wait',
      untouched: ['health'],
      failures: [{ kind: 'status', status: 500 }],
      log: { opened: ['opened'], closed: ['closed', 'after {recovery} s'] },
    },
  },
  budgets: {
    spent: {
      of: 'tokens',
      max: 10,
      per: 5,
      for: 'each caller',
      refusal: 429,
      count: { endpoint: 'list', field: 'used.tokens' },
    },
  },
  pool: { endpoint: 'list', refusal: 503 },
  capacity: { endpoint: 'list', refusal: 503 },
  ledger: { endpoint: 'ask' },
  secret: { setting: 'KEY', weak: { empty: '' }, strong: { long: 'long' } },
  refusedStarts: { debug: { settings: { DEBUG: 'true' } } },
};

const NUMBERS = {
  limits: { ask: { max: 2, windowSeconds: 1 }, store: { max: 2, windowSeconds: 1 } },
  requestsInProgress: { ask: { max: 1, refusal: 409 } },
  budgets: {},
  breakers: { llm: { threshold: 5, recoverySeconds: 2, callTimeoutSeconds: 0.1 } },
  capacity: { requestsPerSecond: 50, withinMs: 250 },
};

/** The answer that a mutant replays. */
export const SERVED: WireAnswer = { status: 200, headers: [], body: Buffer.from('data: a\n\ndata: [DONE]\n\n') };

const phases: WirePhase[] = [];

/** Returns a phase in which the script does something. It is the same one each time. */
export function during(data: ActionPhase): WirePhase {
  const known = phases.find((candidate) => isDeepStrictEqual(candidate.data, data));
  if (known) return known;
  const phase = { id: phases.length + 1, data, of: undefined };
  phases.push(phase);
  return phase;
}

/** Returns the phase after another one. It is the same one each time. */
export function after(data: ActionPhase): WirePhase {
  const of = during(data);
  return { id: 1_000 + of.id, data: { when: 'after', of: of.id }, of };
}

/** Returns a mutant's hooks in a made-up scenario, and the upstreams that it calls. */
export function mutantIn(
  name: string,
  changed: object = {},
): {
  hooks: WireHooks;
  called: string[];
  /** Why it can't act, if it says so. */
  reasons: string[];
  /** Returns the answer that the mutant sends instead, if it does. */
  act(given: Given): Promise<WireAnswer | undefined>;
  /** Returns the answer that the caller gets. */
  see(given: Given): Promise<WireAnswer>;
} {
  const [called, reasons]: [string[], string[]] = [[], []];
  const wire = {
    contract: { ...CONTRACT, ...changed },
    numbers: NUMBERS,
    breaker: 'llm',
    leakTargets: { secrets: [{ name: 'KEY', forms: ['s3cr3t-k3y'] }], folders: [] },
    served: () => SERVED,
    impossible: (why: string) => void reasons.push(why),
    async callUpstream(upstream: string) {
      called.push(upstream);
      return true;
    },
    async callInPlainText(upstream: string) {
      called.push(`${upstream} in plain text`);
      return upstream !== 'mem';
    },
    async callElsewhere(upstream: string) {
      called.push(`${upstream} elsewhere`);
      return upstream !== 'mem';
    },
    async connectDatabase() {
      called.push('database');
      return true;
    },
  } as unknown as Wire;
  const mutant = WIRE_MUTANTS.find((candidate) => candidate.name === name);
  if (!mutant) throw new Error(`there is no mutant ${name}`);
  const hooks = mutant.create(wire);
  return {
    hooks,
    called,
    reasons,
    act: async (given) => hooks.answer?.(exchangeOf(given)),
    async see(given) {
      const exchange = exchangeOf(given);
      return (await hooks.answer?.(exchange)) ?? exchange.whole();
    },
  };
}

function exchangeOf({ headers = {}, sent = {}, body = '', status = 200, ...given }: Given): Exchange {
  const pairs = Object.entries(headers);
  return {
    endpoint: 'ask',
    client: 'a',
    phase: during({ action: 'steady' }),
    endingMs: undefined,
    tookMs: 0,
    status,
    requestHeader: (name) => sent[name],
    header: (name) => pairs.find(([key]) => key.toLowerCase() === name)?.[1],
    whole: async () => ({ status, headers: pairs, body: Buffer.from(body) }),
    ...given,
  };
}

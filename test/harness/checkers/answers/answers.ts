import type { Checker, Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { ContractFile } from '../../../../harness/contract/contract.ts';
import type { HistoryEvent, RequestReceipt, RequestSample, ShownAnswer } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { factsOf } from '../../../../harness/testing/hand-written.ts';
import { receipt, request, T0 } from '../../../support/history.ts';

type Endpoint = ContractFile['endpoints'][string];

/** The number of words in each channel of a handwritten answer. */
export const WORDS = 10;

const ask: Endpoint = {
  method: 'POST',
  path: '/ask',
  body: { question: '${unique}' },
  served: [200],
  reaches: ['llm'],
};

/** The facts about a service with these endpoints instead of `ask`, or changed parts of `ask`. */
export const factsWith = (
  fields: Partial<Endpoint> = {},
  others: Record<string, Endpoint> = {},
  rest: Partial<ContractFile> = {},
): Facts =>
  factsOf({
    name: 'a gateway',
    start: { command: ['node', 'x.js'], readyPath: '/', readySeconds: 1 },
    upstreams: { llm: { kind: 'openai' }, backup: { kind: 'openai' }, memory: { kind: 'mem0' } },
    termination: { graceSeconds: 1, inFlight: 'finished', exitCode: 0 },
    endpoints: { ask: { ...ask, ...fields } as Endpoint, ...others },
    profiles: { fast: {} },
    ...rest,
  });

/** An upstream's answer, which is sent at once. */
export const answered = (seq: number, after: number, more: Partial<RequestReceipt> = {}): RequestReceipt => ({
  ...receipt(seq, after, 5, 'llm'),
  method: 'POST',
  route: 'POST /v1/chat/completions',
  answer: { words: [WORDS] },
  ...more,
});

/** A call that takes 20 ms, and what its response shows: the marks of a single place, or all parts. */
export function got(
  after: number,
  parts: string | Record<string, string>,
  { tags, call, ...more }: Partial<ShownAnswer> & { tags?: Record<string, string>; call?: Partial<RequestSample> } = {},
): RequestSample {
  return {
    ...request(after, 20, 200, { endpoint: 'ask', ...tags }),
    method: 'POST',
    ...call,
    answer: { parts: typeof parts === 'string' ? { answer: parts } : parts, ...more },
  };
}

/** The value of `${unique}` in the n-th call. */
export const unique = (n: number): string => `1-${n}-mx350sbq`;

/** Calls one after another, each with its own upstream request: what their responses show. */
export const oneByOne = (...shown: (string | Record<string, string>)[]): HistoryEvent[] =>
  shown.flatMap((parts, index) => [
    answered(index + 1, index * 100 + 5, { unique: [unique(index + 1)] }),
    got(index * 100, parts, { unique: unique(index + 1) }),
  ]);

/** Judges handwritten events. */
export const judged = (checker: Checker, events: readonly HistoryEvent[], facts: Facts = factsWith()) =>
  checker.judge(new History(events), facts);

/** The time of an event, in milliseconds after the beginning. */
export const at = (after: number): number => T0 + after;

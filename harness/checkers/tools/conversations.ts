import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History, PhaseEntry } from '../../history/history.ts';

/** A call of a tool in a model's answer. */
export type MadeCall = NonNullable<RequestReceipt['toolCalls']>[number];

/** A request to the model, with the calls in its answer. */
interface Turn {
  readonly receipt: RequestReceipt;
  readonly calls: readonly MadeCall[];
}

/** A call of an agent's endpoint, with all requests to the model that it led to. The script makes one at a time. */
export interface Conversation {
  readonly call: RequestSample;
  readonly turns: readonly Turn[];
  /** Whether the caller was told of a failure. Undefined if the record of this is missing. */
  readonly isCallerTold: boolean | undefined;
}

/** The script's metric with 1 for each caller who was told of a failure, and 0 for each other caller. */
const METRIC = 'tool_failures_told';

/** Returns the conversations of a phase, in order. */
export function conversationsIn(history: History, phase: PhaseEntry & { readonly upstream: string }): Conversation[] {
  const calls = history.sentIn(phase);
  const receipts = history.receiptsIn(phase, phase.upstream);
  const informed = new Map(history.metricIn(METRIC, phase).map(({ value, tags }) => [tags.unique, value > 0]));
  return calls.map((call, index) => {
    const until = calls[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    const own = receipts.filter(({ at }) => at >= call.at && at < until);
    return {
      call,
      turns: own.map((receipt) => ({ receipt, calls: receipt.toolCalls ?? [] })),
      isCallerTold: informed.get(call.tags.unique),
    };
  });
}

/** Returns the calls that a model has made. */
export const madeIn = (conversations: readonly Conversation[]): MadeCall[] =>
  conversations.flatMap(({ turns }) => turns.flatMap(({ calls }) => calls));

/** Returns why nothing can be said: the model has made no such call, or its record is incomplete. */
export function whyNoCall(
  conversations: readonly Conversation[],
  { tool, endpoint, upstream }: { readonly tool?: string; readonly endpoint: string; readonly upstream: string },
): string | undefined {
  if (conversations.length === 0) return `${endpoint} was not called`;
  if (conversations.some(({ isCallerTold }) => isCallerTold === undefined))
    return 'the record lacks whether a caller was told of a failure';
  const made = madeIn(conversations);
  if (tool === undefined ? made.length > 0 : made.some(({ name }) => name === tool)) return undefined;
  if (conversations.every(({ turns }) => turns.length === 0)) return `${endpoint} did not ask ${upstream}`;
  const offered = [
    ...new Set(conversations.flatMap(({ turns }) => turns.flatMap(({ receipt }) => receipt.offers ?? []))),
  ];
  return `${upstream} did not call ${tool ?? 'a tool'}: requests offered ${offered.join(', ') || 'no tools'}`;
}

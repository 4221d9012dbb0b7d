/** A call of a tool in the answer of a model. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, unless they are broken. */
  readonly arguments: string;
}

/** How an answer with calls ends: as usual, at the limit of its length, or with its connection. */
export type AnswerEnd = 'usual' | 'limit' | 'gone';

/** A part of a streamed call: its beginning, some characters of its arguments, or its end. */
export interface CallPiece {
  /** The position of the call in the answer. */
  readonly of: number;
  readonly part: 'start' | 'stop' | { readonly text: string };
}

/** The data of any API, in which each dialect looks for its own fields. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Loose = any;

/** A server-sent event. Its data is undefined if it is not JSON, and is then sent as it is. */
export interface JsonEvent {
  readonly name?: string | undefined;
  readonly data: Loose;
  readonly raw?: string;
}

/** The new calls of a streamed answer. */
interface StreamedCalls {
  readonly calls: readonly ToolCall[];
  readonly pieces: readonly CallPiece[];
  readonly end: AnswerEnd;
}

/** How the answers of an API contain calls of tools. */
export interface ToolDialect {
  /** Returns the calls in an answer. An answer of another API has none. */
  callsIn(answer: Loose): ToolCall[];
  /** Returns an answer with other calls. */
  withCalls(answer: Loose, calls: readonly ToolCall[], end: AnswerEnd): unknown;
  /** Whether an event of a stream is a part of a call. */
  isOfCall(event: JsonEvent, events: readonly JsonEvent[]): boolean;
  streamedCallsIn(events: readonly JsonEvent[]): ToolCall[];
  /** Returns the events of an answer with other calls. If its connection ends, they end in the middle. */
  withStreamedCalls(events: readonly JsonEvent[], streamed: StreamedCalls): JsonEvent[];
}

/** Returns a value if it is a list, and otherwise an empty one. */
export const listIn = (value: unknown): Loose[] => (Array.isArray(value) ? value : []);

/** Splits events into those before the first one that belongs to calls, and those after the last one. */
export function around(events: readonly JsonEvent[], { isOfCall }: Pick<ToolDialect, 'isOfCall'>) {
  const first = events.findIndex((event) => isOfCall(event, events));
  const last = events.findLastIndex((event) => isOfCall(event, events));
  return { before: events.slice(0, first), of: events.slice(first, last + 1), after: events.slice(last + 1) };
}

/** What an answer is made of. It is added to the request's receipt, whose schema explains the fields. */
export interface AnswerNote {
  readonly answer?: { readonly words: readonly number[]; readonly vectors?: number };
  readonly usage?: readonly [input: number, output: number];
  readonly model?: string;
  readonly quotes?: readonly number[];
  readonly toolCalls?: readonly {
    readonly name: string;
    readonly arguments: string;
    readonly flaw?: string;
    /** Whether all of a flawed call has arrived. */
    readonly whole?: true;
  }[];
}

/** A request as seen by a responder: a `Request`, or a cheaper substitute with the same methods. */
export interface UpstreamRequest extends Pick<Request, 'method' | 'url' | 'body' | 'json' | 'arrayBuffer' | 'signal'> {
  readonly headers: Pick<Headers, 'get' | typeof Symbol.iterator>;
  /** The number for the mark words of the answer: `seq` of the request's receipt. Absent if there are no receipts. */
  readonly number?: number;
  /** Adds to the request's receipt what its answer is made of. Absent if there are no receipts. */
  readonly note?: (made: AnswerNote) => void;
}

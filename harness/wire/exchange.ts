import type { WirePhase } from './wire-phase.ts';

/** An answer on the wire. Header names are as the service wrote them. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** A request to the service and the head of its answer. */
export interface Exchange {
  /** The endpoint's name in the contract, or undefined if the contract does not list it. */
  readonly endpoint: string | undefined;
  /** The value by which the service identifies the client, if it is known. */
  readonly client: string;
  /** The script's phase when the request arrived, or undefined if none had begun. */
  readonly phase: WirePhase | undefined;
  /** Milliseconds since SIGTERM, or undefined if the service is not being restarted. */
  readonly endingMs: number | undefined;
  readonly status: number;
  /** How long the service took until it began to answer, in milliseconds. */
  readonly tookMs: number;
  /** Returns a header of the request, or undefined. The name is in lower case. */
  requestHeader(name: string): string | undefined;
  /** Returns a header of the answer, or undefined. The case of its name doesn't matter. */
  header(name: string): string | undefined;
  /** Waits for the end of the answer and returns it. Fails if the service cuts it off. */
  whole(): Promise<WireAnswer>;
}

/** Headers that describe how a body was sent. They don't fit another body. */
const OF_THE_BODY = /^(content-length|content-encoding|transfer-encoding|connection|keep-alive|etag)$/i;

/** Returns an answer with a made-up JSON body. */
export const madeUp = (status: number, headers: WireAnswer['headers'] = []): WireAnswer => ({
  status,
  headers: [['Content-Type', 'application/json'], ...headers],
  body: Buffer.from('{"error":"made up"}'),
});

/** Returns an answer with another body. */
export const withBody = (answer: WireAnswer, body: string): WireAnswer => ({
  ...answer,
  headers: answer.headers.filter(([name]) => !OF_THE_BODY.test(name)),
  body: Buffer.from(body),
});

/** Returns an answer with each value of a header changed. `undefined` removes it. Other headers stay as they are. */
export const withHeader = (
  answer: WireAnswer,
  name: RegExp,
  change: (value: string) => string | undefined,
): WireAnswer => ({
  ...answer,
  headers: answer.headers.flatMap(([header, value]): [string, string][] => {
    if (!name.test(header)) return [[header, value]];
    const changed = change(value);
    return changed === undefined ? [] : [[header, changed]];
  }),
});

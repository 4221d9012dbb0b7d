import { z } from 'zod';
import { ENDINGS } from '../kinds/lib/disconnect.ts';
import { toolResult } from '../tools/tools-in-request.ts';

/** Fields of all receipts. Times are in milliseconds since the epoch, with a fractional part. */
const arrival = {
  /** Position in the sequence of all receipts, which starts at 1. */
  seq: z.int(),
  upstream: z.string(),
  /** When the request head, the call or the connection arrived, or the period began. */
  at: z.number(),
};

/** When it ended, or null if it hasn't ended yet. A request ends when its last byte was handed to the socket. */
const endedAt = z.number().nullable();

/** The faults that acted, each as `id:kind`, in the order in which they act or started. */
const faults = z.array(z.string());

/** What a fake's answer is made of, whether all of it was sent or not: see faults/marks/marks.ts. */
const made = {
  /**
   * Its mark words have the number of the receipt, `seq`. `words` is how many there are in each channel, and `vectors`
   * how many marked embeddings. Absent if it was not made by a fake that marks its answers.
   */
  answer: z.strictObject({ words: z.array(z.int()), vectors: z.int().exactOptional() }).exactOptional(),
  /** The tokens that it is charged for: input, and output. Of a stream that ended early, the output that was sent. */
  usage: z.tuple([z.int(), z.int()]).exactOptional(),
  /** The model that it names. */
  model: z.string().exactOptional(),
  /**
   * The other answers whose mark words are in the request's body or in this answer, because text was sent back or
   * stored. As in the words, the numbers are modulo 2^14. Absent if there are none.
   */
  quotes: z.array(z.int()).exactOptional(),
  /** The tools that it calls, and the arguments as JSON, with what a fault has broken. Absent if it calls none. */
  toolCalls: z
    .array(
      z.strictObject({
        name: z.string(),
        arguments: z.string(),
        flaw: z.string().exactOptional(),
        whole: z.literal(true).exactOptional(),
      }),
    )
    .exactOptional(),
};

/** The headers with credentials that came, such as `authorization: bearer`. Absent if there were none. */
const credentials = z.array(z.string()).exactOptional();

/** Returns the route of a request with a method to a target. The target of a call to a TCP server is empty. */
export const routeOf = (method: string, target: string): string => `${method} ${target.split('?', 1)[0]}`.trimEnd();

/** The record of a request that reached a fake, or of a call to a TCP server. */
export const requestReceipt = z.strictObject({
  ...arrival,
  kind: z.literal('request'),
  endedAt,
  /** The method, or the name of a call to a TCP server, such as `GET` or `query`. */
  method: z.string(),
  /** The request target, including the query. */
  path: z.string(),
  /** `METHOD /path`. A fault's `route` is compared with it. */
  route: z.string(),
  faults,
  /** The number of the HTTP connection on which it arrived, counted for each upstream. Absent if that is unknown. */
  connection: z.int().exactOptional(),
  /** The ID of the trace that its `traceparent` names: that of the script's request if the service passed it on. */
  trace: z.string().exactOptional(),
  /** The ID of the service's span that its `traceparent` names. */
  parent: z.string().exactOptional(),
  credentials,
  /** A short hash of the idempotency key in a header. Absent if there is none, or if nobody looks for it. */
  key: z.string().exactOptional(),
  /** The tools that it offers to a model, by name. Absent if there are none. */
  offers: z.array(z.string()).exactOptional(),
  /** The results of tools that it has for the calls in the last answer of a model. Absent if there are none. */
  results: z.array(toolResult).exactOptional(),
  /** The values of a script's `${unique}` in its path and body. Absent if there are none. */
  unique: z.array(z.string()).exactOptional(),
  ...made,
  /** A short SHA-256 of the body that was sent, if a fault acted and the answer was sent to its end. */
  body: z.string().exactOptional(),
  /** The status that was sent, or null if none was sent. */
  status: z.int().nullable(),
  /**
   * Why the response didn't come from a handler: no handler responded, or the server behind the upstream can't be
   * reached or closed the connection.
   */
  unserved: z.string().exactOptional(),
  /** The upstream's own error, if it rejected the request with a 4xx and no fault acted: see `refusalIn`. */
  refusal: z
    .strictObject({ code: z.string().exactOptional(), message: z.string(), model: z.string().exactOptional() })
    .exactOptional(),
  /** How the request ended, or `open` if it is still in progress. */
  outcome: z.enum(['open', 'answered', ...ENDINGS]),
});

/**
 * A failed TLS handshake, which is evidence that a client rejected a certificate, or that it sent plain text: see
 * `isPlainText`.
 */
export const handshakeReceipt = z.strictObject({ ...arrival, kind: z.literal('handshake-failed'), error: z.string() });

/**
 * The end of a connection that its client closed after a complete TLS handshake, before it sent anything. Clients that
 * verify a certificate after the handshake, such as nginx and libcurl, refuse it like this. So does a client that opens
 * connections in advance and does not need them.
 */
export const unusedReceipt = z.strictObject({ ...arrival, kind: z.literal('closed-unused') });

/** Node's errors if the first bytes of a client are no TLS: HTTP/1, a request to a proxy, and anything else. */
const PLAIN_TEXT = ['ERR_SSL_HTTP_REQUEST', 'ERR_SSL_HTTPS_PROXY_REQUEST', 'ERR_SSL_WRONG_VERSION_NUMBER'];

/** Whether a client sent plain text to a TLS port. Everything in its request was then readable in transit. */
export const isPlainText = ({ error }: Pick<HandshakeReceipt, 'error'>): boolean => PLAIN_TEXT.includes(error);

/**
 * A call through the lab's proxy that reached no upstream: to a host that no upstream is, or in a form that hides from
 * the lab whether the client would check a certificate. `upstream` is the host and the port.
 */
export const strayReceipt = z.strictObject({
  ...arrival,
  kind: z.literal('stray'),
  /** `unknown-host`, or `no-tunnel` if the proxy was asked to make the TLS connection itself. */
  why: z.enum(['unknown-host', 'no-tunnel']),
});

/**
 * A request that followed a redirect of the upstream to another host. The upstream itself has another receipt for the
 * request that it redirected.
 */
export const redirectedReceipt = z.strictObject({
  ...arrival,
  kind: z.literal('redirected'),
  method: z.string(),
  path: z.string(),
  /** The protocol that it came over. */
  over: z.enum(['https', 'http']),
  credentials,
});

/** The record of a connection that reached a proxy. */
export const connectionReceipt = z.strictObject({
  ...arrival,
  kind: z.literal('connection'),
  endedAt,
  faults,
  /** Which side or which fault ended the connection, or `open` if it hasn't ended yet. */
  outcome: z.enum(['open', 'client-gone', 'server-gone', 'reset', 'half-open', 'half-closed']),
  /** Why the server could not be reached. Absent if it was, or if no attempt was made. */
  unserved: z.string().exactOptional(),
  /** Whether its calls are inside TLS, where they can't be counted. Absent if calls are not counted at all. */
  encrypted: z.boolean().exactOptional(),
  /** Number of bytes forwarded to the server and to the client. */
  bytesToServer: z.int(),
  bytesToClient: z.int(),
});

/**
 * A period in which a fault acted on a whole target. It is `refusing` if the fault refused all connections, otherwise
 * `acting`.
 */
export const spanReceipt = z.strictObject({ ...arrival, kind: z.enum(['refusing', 'acting']), endedAt, faults });

export type RequestReceipt = z.output<typeof requestReceipt>;
export type ConnectionReceipt = z.output<typeof connectionReceipt>;
export type HandshakeReceipt = z.output<typeof handshakeReceipt>;
export type UnusedReceipt = z.output<typeof unusedReceipt>;
export type RedirectedReceipt = z.output<typeof redirectedReceipt>;
export type SpanReceipt = z.output<typeof spanReceipt>;
export type StrayReceipt = z.output<typeof strayReceipt>;
export type Receipt =
  | RequestReceipt
  | HandshakeReceipt
  | UnusedReceipt
  | RedirectedReceipt
  | ConnectionReceipt
  | SpanReceipt
  | StrayReceipt;

import express, { type RequestHandler } from 'express';
import { Refusal } from '../../../faults/base/refusal.ts';
import { newToken } from '../../../faults/base/token.ts';
import { guarded, tellError } from '../../../faults/control/fakes-api.ts';
import { guard, inPath } from '../../../faults/control/guard.ts';
import { messageOf } from '../../base/errors.ts';
import { listen } from '../../base/listen.ts';
import { secrets } from '../../base/secrets.ts';
import type { SpanEvent } from '../../history/events.ts';
import { type SpanDecoder, spanDecoder } from './decode-spans.ts';
import { KeptSpans } from './kept-spans.ts';

/** A server that receives a service's telemetry. */
export interface OtlpReceiver extends AsyncDisposable {
  /** The value of `OTEL_EXPORTER_OTLP_ENDPOINT`. It contains a token, because all users of the machine can reach it. */
  readonly url: string;
}

/** The size of a body, after decompression, that is still accepted. */
const MOST_BYTES = '10mb';

/**
 * Receives a service's telemetry by OTLP/HTTP on loopback, in protobuf or JSON. Metrics and logs are only searched.
 *
 * @param tracePrefix The first digits of the IDs of the traces whose spans are kept.
 * @param record Receives the spans, without secrets, when the receiver is disposed.
 * @param search Gets the text of each export, with all names, messages and attributes, before secrets are removed.
 * @throws ProofloadError PACKAGE_MISSING
 */
export async function receiveOtlp(
  tracePrefix: string,
  record: (span: SpanEvent) => void,
  search: (text: string) => void = () => {},
): Promise<OtlpReceiver> {
  const decoder = await spanDecoder();
  const token = newToken();
  secrets.hide(token);
  const kept = new KeptSpans(tracePrefix);
  const signals = express.Router().use(express.raw({ type: () => true, limit: MOST_BYTES }));
  signals.post(SIGNALS, (request, _, next) => {
    search(bodyOf(request).toString());
    next();
  });
  signals.post('/v1/traces', (request, response, next) => {
    for (const span of decode(request, decoder)) kept.add(span);
    accept(request, response, next);
  });
  signals.post(['/v1/metrics', '/v1/logs'], accept);
  const app = express().use(`/${token}`, signals);
  app.use(({ method, path }) => {
    const allowed = 'POST to /v1/traces, /v1/metrics or /v1/logs';
    throw new Refusal('unknown-route', `there is nothing at ${method} ${path}; allowed: ${allowed}`, 404);
  });
  const server = await listen(guarded(guard(token, inPath), app.use(tellError)));
  return {
    url: `${server.url}/${token}`,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      for (const span of kept) record(span);
    },
  };
}

const SIGNALS = ['/v1/traces', '/v1/metrics', '/v1/logs'];

/** The decompressed body. In a protobuf message, texts are as they are in UTF-8. */
const bodyOf = ({ body }: express.Request): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

const isJson = (request: Pick<express.Request, 'is'>): boolean => request.is('json') === 'json';

/** Confirms a request by an empty message. */
const accept: RequestHandler = (request, response) => {
  if (isJson(request)) response.json({});
  else response.type('application/x-protobuf').end();
};

function decode(request: express.Request, { json, protobuf }: SpanDecoder): SpanEvent[] {
  const body = bodyOf(request);
  const type = request.headers['content-type'];
  const read = isJson(request) ? json : request.is('application/x-protobuf') ? protobuf : undefined;
  if (!read) {
    const allowed = 'application/x-protobuf, application/json';
    throw new Refusal('unknown-content-type', `the content type is ${type}; allowed: ${allowed}`, 415);
  }
  try {
    return read(body);
  } catch (error) {
    throw new Refusal('invalid-spans', `the body is not an OTLP export of spans: ${messageOf(error)}`);
  }
}

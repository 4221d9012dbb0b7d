import { GoError } from '../base/errors.ts';
import { callInSteps, type Steps, waitForPromise } from '../blocking/carried.ts';
import { prepareRequest } from '../http/prepare-request.ts';
import { readParams } from '../http/request-params.ts';
import { type Response, startRequest } from '../http/start-request.ts';
import { toNamedUrl } from '../http/url-template.ts';
import { readTarget } from '../net/target.ts';
import { EventStream, type StreamEvent } from '../sse/event-stream.ts';
import { howEnded, isGoodEnd } from '../sse/how-ended.ts';
import { declareSseMetrics, StreamMeter } from '../sse/stream-meter.ts';
import { readStreamParams } from '../sse/stream-params.ts';
import { EventHandlers } from '../vu/event-handlers.ts';
import { inSteps } from '../vu/in-steps.ts';
import type { Vu } from '../vu/vu.ts';

/** Implements `k6/x/sse`, the k6 extension. Adds metrics for tokens and for the reasons why streams end. */
export function createSseModule(vu: Vu): object {
  const metrics = declareSseMetrics(vu.test.registry);

  function* open(url: unknown, given: unknown, setUp: unknown): Steps {
    if (vu.phase === 'init') throw new GoError('Opening a stream in the init context is not supported');
    if (typeof setUp !== 'function') throw new GoError('last argument to sse.open must be a function');
    const own = readStreamParams(given);
    const params = readParams(given, vu, 'text');
    const named = toNamedUrl(url);
    const tags = { ...(named.name !== '' && { name: named.name }), ...vu.tags.current, ...params.tags };
    const meter = new StreamMeter(metrics, (metric, value, more) =>
      vu.test.collector.add(metric, value, { ...tags, ...more }, vu.tags.metadata),
    );
    const stream = new EventStream(own.idleTimeout, vu.test.options.maxBodySize);
    const handlers = new EventHandlers();
    let isClosed = false;
    const close = () => {
      isClosed = true;
      stream.close();
    };

    yield* callInSteps(setUp, undefined, [{ on: handlers.on, close }]);
    // The request itself must not throw. Instead, the stream throws after it has recorded how it ended.
    const target = readTarget(named.url);
    const requested = { method: own.method, url: named, target, body: own.body, params: { ...params, throws: false } };
    const request = prepareRequest(vu, requested);
    const release = vu.loop.hold(() => stream.over());
    const answered = new Promise<Response>((onValue, onError) => {
      startRequest(vu, request, {}, { onValue, onError }, stream);
    }).finally(() => stream.over());
    // The code that awaits this promise reports the error. Until then, the rejection must not count as unhandled.
    answered.catch(() => {});
    const next = waitForPromise(() => stream.next());
    let isDone = false;
    let response: Response;
    try {
      for (let event = yield next; event; event = yield next) {
        const { at: _, ...shown } = event as StreamEvent;
        if (meter.events === 0) yield* handlers.emit('open');
        meter.event();
        const isLast = shown.data === own.done;
        isDone ||= isLast;
        if (own.isToken ? yield* callInSteps(own.isToken, undefined, [shown]) : !isLast) {
          meter.token(event as StreamEvent, stream.sentAt);
        }
        yield* handlers.emit('event', shown);
      }
      response = (yield waitForPromise(() => answered)) as Response;
    } catch (error) {
      // The script may catch it. Then nothing must keep its iteration.
      stream.close();
      throw error;
    } finally {
      release();
    }

    const { isStalled, isStream } = stream;
    const seen = { isClosed, isDone: own.done === undefined ? undefined : isDone, isStalled, isStream };
    const ended = howEnded({ ...seen, errorCode: response.error_code });
    const error = isGoodEnd(ended) ? '' : response.error || `the stream was ${ended}`;
    meter.end(ended);
    if (error !== '') yield* handlers.emit('error', { error: () => error });
    if (error !== '' && params.throws) throw new GoError(error);
    return {
      url: response.url,
      status: response.status,
      headers: response.headers,
      body: response.body,
      error,
      error_code: response.error_code,
      ended,
      events: meter.events,
      tokens: meter.tokens,
      timings: { ...response.timings, time_to_first_token: meter.firstToken, longest_gap: meter.longestGap },
    };
  }

  return { open: inSteps(vu, open) };
}

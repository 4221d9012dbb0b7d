import exec from 'k6/execution';
import { context } from './context.ts';

/** Returns 32 random bits as hexadecimal digits. */
const randomWord = (): string =>
  Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');

const prefix = context.tracePrefix ?? randomWord() + randomWord();

const newTraceId = (): string => prefix + randomWord() + randomWord();

/** Returns a `traceparent` (W3C Trace Context) that asks the service to record its spans. */
const traceparent = (traceId: string): string => `00-${traceId}-${randomWord()}${randomWord()}-01`;

/** Returns the headers of a request that begins a new trace. */
export const traceHeaders = (): Record<string, string> => ({ traceparent: traceparent(newTraceId()) });

/**
 * Sends a request that begins a new trace, and records the ID of the trace with the request's samples.
 *
 * @param send Sends the request, with these headers among its own.
 */
export function traced<Answer>(send: (headers: Record<string, string>, traceId: string) => Answer): Answer {
  const traceId = newTraceId();
  return withMetadata({ trace_id: traceId }, () => send({ traceparent: traceparent(traceId) }, traceId));
}

/**
 * Does something whose samples have this metadata. Use it for values of which there are many, because k6 would keep a
 * time series for each value of a tag.
 */
export function withMetadata<Result>(values: Readonly<Record<string, string>>, act: () => Result): Result {
  const { metadata } = exec.vu.metrics;
  Object.assign(metadata, values);
  try {
    return act();
  } finally {
    for (const name of Object.keys(values)) delete metadata[name];
  }
}

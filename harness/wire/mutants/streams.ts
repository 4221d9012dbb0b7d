import { type WireAnswer, withBody } from '../exchange.ts';
import type { WireMutant } from '../wire-mutant.ts';
import { isServed, onAnswers } from './lib/answers.ts';

export const STREAM_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'stream-without-its-end',
    does: 'the last event of a stream is left out',
    turnsRed: ['streams-complete'],
    needs: 'endpoints.NAME.stream',
    once: ({ phase }) => phase,
    when: (exchange, wire) =>
      exchange.phase.startsWith('endpoint ') &&
      isServed(exchange, wire) &&
      formatOf(exchange.endpoint, wire) !== undefined,
    change: async (exchange, wire) => withoutEnd(await exchange.whole(), formatOf(exchange.endpoint, wire) ?? 'sse'),
  }),
  onAnswers({
    name: 'failed-stream-ends-as-if-complete',
    does: 'a stream that failed ends without an error',
    turnsRed: ['streams-tell-failure'],
    disturbs: ['streams-complete', 'faults-answered'],
    needs: 'endpoints.NAME.stream',
    once: 'each',
    when: (exchange, wire) =>
      /^failing /.test(exchange.phase) && isServed(exchange, wire) && formatOf(exchange.endpoint, wire) !== undefined,
    change: async (exchange, wire) => {
      const complete = wire.served(exchange.endpoint);
      const end = wire.contract.endpoints[exchange.endpoint ?? '']?.stream?.end;
      const whole = await exchange.whole().catch(() => undefined);
      const isComplete = whole && end !== undefined && String(whole.body).includes(end);
      return isComplete ? undefined : complete;
    },
  }),
  onAnswers({
    name: 'stream-at-the-end-cut-short',
    does: 'the last event of a stream that is in progress at SIGTERM is left out',
    turnsRed: ['streams-at-end'],
    needs: 'termination',
    once: 'each',
    when: (exchange, wire) =>
      exchange.phase === 'streams at SIGTERM' &&
      isServed(exchange, wire) &&
      formatOf(exchange.endpoint, wire) !== undefined,
    change: async (exchange, wire) => withoutEnd(await exchange.whole(), formatOf(exchange.endpoint, wire) ?? 'sse'),
  }),
];

type Format = 'sse' | 'ndjson';

const formatOf = (endpoint = '', { contract }: Parameters<WireMutant['create']>[0]): Format | undefined =>
  contract.endpoints[endpoint]?.stream?.format;

/** Returns a stream without its last event. */
function withoutEnd(answer: WireAnswer, format: Format): WireAnswer {
  const separator = format === 'sse' ? /(\r?\n\r?\n)/ : /(\r?\n)/;
  const parts = String(answer.body).split(separator);
  const last = parts.findLastIndex((part, index) => index % 2 === 0 && part.trim() !== '');
  return withBody(answer, parts.slice(0, Math.max(0, last)).join(''));
}

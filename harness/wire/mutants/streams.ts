import { type Exchange, type WireAnswer, withBody } from '../exchange.ts';
import type { Wire, WireMutant } from '../wire-mutant.ts';
import { isDoing } from '../wire-phase.ts';
import { isServed, onAnswers } from './lib/answers.ts';

export const STREAM_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'stream-without-its-end',
    does: 'the last event of a complete stream is left out',
    turnsRed: ['streams-complete'],
    disturbs: ['streams-tell-failure', 'streams-bounded'],
    needs: 'endpoints.NAME.stream.end',
    once: 'each',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'endpoint', 'failing') &&
      isServed(exchange, wire) &&
      formatOf(exchange.endpoint, wire) !== undefined,
    async change(exchange, wire) {
      const whole = await completeStream(exchange, wire);
      return whole && withoutEnd(whole, formatOf(exchange.endpoint, wire) ?? 'sse');
    },
  }),
  onAnswers({
    name: 'failed-stream-ends-as-if-complete',
    does: 'a stream that failed ends without an error',
    turnsRed: ['streams-tell-failure'],
    disturbs: ['streams-complete', 'faults-answered'],
    needs: 'endpoints.NAME.stream',
    once: 'each',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'failing') && isServed(exchange, wire) && formatOf(exchange.endpoint, wire) !== undefined,
    change: async (exchange, wire) => {
      const complete = wire.served(exchange.endpoint);
      return (await completeStream(exchange, wire)) ? undefined : complete;
    },
  }),
  onAnswers({
    name: 'stream-at-the-end-cut-short',
    does: 'the last event of a stream that is in progress at SIGTERM is left out',
    turnsRed: ['streams-at-end'],
    needs: 'termination',
    once: 'each',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'streams at SIGTERM') &&
      isServed(exchange, wire) &&
      formatOf(exchange.endpoint, wire) !== undefined,
    change: async (exchange, wire) => withoutEnd(await exchange.whole(), formatOf(exchange.endpoint, wire) ?? 'sse'),
  }),
];

type Format = 'sse' | 'ndjson';

const formatOf = (endpoint = '', { contract }: Parameters<WireMutant['create']>[0]): Format | undefined =>
  contract.endpoints[endpoint]?.stream?.format;

/** Waits for the end of a stream. Returns undefined if it lacks the promised one, or is cut off. */
async function completeStream(exchange: Exchange, { contract }: Wire): Promise<WireAnswer | undefined> {
  const end = contract.endpoints[exchange.endpoint ?? '']?.stream?.end;
  const whole = await exchange.whole().catch(() => undefined);
  return end !== undefined && String(whole?.body).includes(end) ? whole : undefined;
}

/** Returns a stream without its last event. */
function withoutEnd(answer: WireAnswer, format: Format): WireAnswer {
  const separator = format === 'sse' ? /(\r?\n\r?\n)/ : /(\r?\n)/;
  const parts = String(answer.body).split(separator);
  const last = parts.findLastIndex((part, index) => index % 2 === 0 && part.trim() !== '');
  return withBody(answer, parts.slice(0, Math.max(0, last)).join(''));
}

import { formatOf, isServed, late, onAnswers, withoutEnd } from '../../wire/answers.ts';
import type { Exchange, WireAnswer } from '../../wire/exchange.ts';
import type { Wire, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, isDoing } from '../../wire/wire-phase.ts';

/** The faults of streams that never end. */
const ENDLESS = ['keep-alives', 'drip', 'stall'];

/** How much later than promised a stream ends, in milliseconds. It exceeds all tolerances. */
const LATER_MS = 4_000;

/** Defects of streams. */
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
      formatOf(exchange, wire) !== undefined,
    async change(exchange, wire) {
      const whole = await completeStream(exchange, wire);
      return whole && withoutEnd(whole, formatOf(exchange, wire));
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
      isDoing(exchange.phase, 'failing') && isServed(exchange, wire) && formatOf(exchange, wire) !== undefined,
    change: async (exchange, wire) => {
      const complete = wire.served(exchange.endpoint);
      return (await completeStream(exchange, wire)) ? undefined : complete;
    },
  }),
  onAnswers({
    name: 'stream-collected',
    does: 'all pieces of a stream are sent when it has ended',
    turnsRed: ['streams-relayed'],
    needs: 'endpoints.NAME.stream.relaySeconds',
    once: 'phase',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'relayed stream') && isServed(exchange, wire) && formatOf(exchange, wire) !== undefined,
    change: (exchange) => exchange.whole(),
  }),
  onAnswers({
    name: 'stream-kept-open',
    does: 'a stream that never ends at its upstream ends seconds later than promised',
    turnsRed: ['streams-bounded'],
    disturbs: ['streams-tell-failure', 'faults-answered', 'faults-answered-in-time', 'streams-complete'],
    needs: 'endpoints.NAME.stream',
    once: 'phase',
    when: ({ endpoint = '', phase }, { contract }) =>
      ENDLESS.includes(actionIn(phase, 'failing')?.fault ?? '') && contract.endpoints[endpoint]?.stream !== undefined,
    change: (exchange, { contract }) => {
      const { firstEventSeconds = 0, stallSeconds = 0 } = contract.endpoints[exchange.endpoint ?? '']?.stream ?? {};
      return late(exchange, Math.max(firstEventSeconds, stallSeconds) * 1_000 + LATER_MS);
    },
  }),
];

/** Waits for the end of a stream. Returns undefined if the stream is truncated or has no promised last event. */
async function completeStream(exchange: Exchange, { contract }: Wire): Promise<WireAnswer | undefined> {
  const end = contract.endpoints[exchange.endpoint ?? '']?.stream?.end;
  const whole = await exchange.whole().catch(() => undefined);
  return end !== undefined && String(whole?.body).includes(end) ? whole : undefined;
}

import { fallbackOf } from '../../contract/schema/fallback.ts';
import { isServed, onAnswers, onOneRequest, replay } from '../../wire/answers.ts';
import { madeUp } from '../../wire/exchange.ts';
import type { WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, belongs, isDoing } from '../../wire/wire-phase.ts';

export const FALLBACK_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'fallback-fails',
    does: 'a call that the next upstream serves gets 502',
    turnsRed: ['falls-back', 'fallback-breakers-apart'],
    disturbs: ['fallback-told'],
    needs: 'endpoints.NAME.fallback',
    once: ({ phase }) => actionIn(phase, 'fallback')?.fault ?? '',
    when: (exchange, wire) => isDoing(exchange.phase, 'fallback', 'fallback outage') && isServed(exchange, wire),
    change: () => madeUp(502),
  }),
  onAnswers({
    name: 'fallback-names-the-first-upstream',
    does: 'calls that the next upstream serves get an earlier answer of the first one',
    turnsRed: ['fallback-told'],
    disturbs: ['falls-back'],
    needs: 'endpoints.NAME.fallback.told',
    once: 'each',
    when: (exchange, wire) => isDoing(exchange.phase, 'fallback') && isServed(exchange, wire),
    change: replay,
  }),
  {
    name: 'trial-behind-the-fallback-too-early',
    does: 'after a failed trial behind a fallback, the first upstream gets a request at once',
    turnsRed: ['fallback-reopens'],
    disturbs: ['fallback-returns'],
    needs: 'endpoints.NAME.fallback',
    create: (wire) =>
      onOneRequest(({ endpoint = '', phase }) => {
        const [first] = fallbackOf(wire.contract.endpoints[endpoint]?.fallback)?.order ?? [];
        if (first === undefined || !belongs(phase, 'after', 'fallback outage')) return false;
        return wire.callUpstream(first);
      }),
  },
  {
    name: 'first-upstream-left-out',
    does: 'after errors that must not count, a call gets an earlier answer and does not reach the first upstream',
    turnsRed: ['fallback-spares-breaker'],
    needs: 'endpoints.NAME.fallback',
    create: ({ served }) => ({
      instead: ({ endpoint, phase }) => (belongs(phase, 'after', 'fallback spares') ? served(endpoint) : undefined),
    }),
  },
];

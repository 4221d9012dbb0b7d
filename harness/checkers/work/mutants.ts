import { pause } from '../../base/clock.ts';
import { entryOf } from '../../base/entry-of.ts';
import { onAnswers } from '../../wire/answers.ts';
import { type Exchange, madeUp } from '../../wire/exchange.ts';
import type { Wire, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, isDoing } from '../../wire/wire-phase.ts';

const NEEDS = 'endpoints.NAME.finishesLater';
/** When finished work is repeated, as a share of the promised time. The upstream has recovered by that time. */
const LATER = 0.9;

/** Defects of work that an endpoint accepts while an upstream fails. */
export const WORK_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'accepted-work-told-as-lost',
    does: 'a call whose work is accepted gets another status',
    turnsRed: ['work-accepted'],
    disturbs: ['work-finished', 'work-finished-once'],
    needs: NEEDS,
    when: (exchange, wire) => acceptedIn(exchange, wire).includes(exchange.status),
    change: (exchange, wire) => madeUp(acceptedIn(exchange, wire).includes(500) ? 404 : 500),
  }),
  {
    name: 'accepted-work-dropped',
    does: 'a call is accepted while its upstream fails, and the service does not get it',
    turnsRed: ['work-finished'],
    disturbs: ['work-accepted', 'work-finished-once'],
    needs: NEEDS,
    create: (wire) => ({
      instead(request) {
        const [status] = acceptedIn(request, wire);
        return status === undefined ? undefined : madeUp(status);
      },
    }),
  },
  {
    name: 'finished-work-repeated',
    does: 'the upstream gets another request for work that is finished',
    turnsRed: ['work-finished-once'],
    needs: NEEDS,
    create: (wire) => ({
      async arrive({ endpoint = '', phase }) {
        const { upstream } = actionIn(phase, 'accepts work') ?? {};
        if (upstream === undefined) return false;
        const { withinSeconds = 0 } = entryOf(wire.contract.endpoints, endpoint)?.finishesLater ?? {};
        await pause(withinSeconds * 1_000 * LATER);
        return wire.callUpstream(upstream);
      },
    }),
  },
];

/** Returns the statuses with which a call must be accepted, or none if no work is accepted in its phase. */
const acceptedIn = ({ endpoint = '', phase }: Pick<Exchange, 'endpoint' | 'phase'>, { contract }: Wire) =>
  isDoing(phase, 'accepts work', 'accepts work, restarted')
    ? (entryOf(contract.endpoints, endpoint)?.finishesLater?.accepted ?? [])
    : [];

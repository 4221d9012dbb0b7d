import { isError, onAnswers } from '../../wire/answers.ts';
import { madeUp } from '../../wire/exchange.ts';
import type { Wire, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, isDoing, type WirePhase } from '../../wire/wire-phase.ts';

/** Calls an upstream in addition to the service. */
const beside = (wire: Wire, action: 'beyond the quota' | 'told to wait', phase: WirePhase | undefined) => {
  const { upstream } = actionIn(phase, action) ?? {};
  return upstream === undefined ? false : wire.callUpstream(upstream);
};

/** Defects of the quotas of upstreams. */
export const QUOTA_MUTANTS: readonly WireMutant[] = [
  {
    name: 'calls-beyond-the-quota',
    does: 'an upstream gets another request for each caller, whether its quota has room or not',
    turnsRed: ['quota-kept'],
    needs: 'upstreams.NAME.quota',
    create: (wire) => ({ arrive: ({ phase }) => beside(wire, 'beyond the quota', phase) }),
  },
  {
    name: 'call-although-told-to-wait',
    does: 'an upstream that told the service to wait gets a request for each caller',
    turnsRed: ['told-waits-kept'],
    needs: 'upstreams.NAME.quota',
    create: (wire) => ({ arrive: ({ phase }) => beside(wire, 'told to wait', phase) }),
  },
  onAnswers({
    name: 'error-beyond-the-quota',
    does: 'a call beyond the quota of an upstream gets 500',
    turnsRed: ['beyond-quota-answered'],
    needs: 'upstreams.NAME.quota',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'beyond the quota', 'beyond the quota of tokens') &&
      (isError(exchange, wire) || isQueued(exchange.phase, wire)),
    change: () => madeUp(500),
  }),
];

/** Whether calls beyond the quota are served later, so that none is refused. */
const isQueued = (phase: WirePhase | undefined, { contract: { upstreams } }: Wire): boolean => {
  const { upstream = '' } = actionIn(phase, 'beyond the quota', 'beyond the quota of tokens') ?? {};
  const declared = upstreams[upstream];
  return declared !== undefined && 'quota' in declared && declared.quota?.beyond === 'queued';
};

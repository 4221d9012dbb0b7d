import { Refusal } from '../../faults/base/refusal.ts';
import { connectionFaults } from '../../faults/connections/index.ts';
import { faultsOf } from '../../faults/fakes/upstream-definition.ts';
import { upstreamFaults } from '../../faults/kinds/index.ts';
import type { FaultKinds } from '../../faults/kinds/lib/fault.ts';
import type { Effect } from '../../faults/kinds/lib/upstream-fault.ts';
import { parseFault } from '../../faults/plan/parse-fault.ts';
import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';

type Breaker = Contract['breakers'][string];
type Kinds = FaultKinds<never>;
type Fault = Breaker['failures'][number];

/** Finds faults in a contract that the fakes would reject, or that scenarios can't use for a breaker. */
export function unusableFaults({ breakers, upstreams }: Contract): Problem[] {
  return Object.entries(breakers).flatMap(([name, breaker]) =>
    problemsOf(breaker, kindsOf(upstreams[breaker.upstream])).map(({ path, message }) => ({
      path: ['breakers', name, ...path],
      message,
    })),
  );
}

/** Returns the kinds of faults that an upstream supports. An undeclared upstream is treated as HTTPS. */
const kindsOf = (declared: Contract['upstreams'][string] | undefined): Kinds =>
  declared ? faultsOf(declared) : upstreamFaults;

function problemsOf({ failures, ignored, harmless }: Breaker, kinds: Kinds): Problem[] {
  const problems: Problem[] =
    kinds === connectionFaults || failures.some((fault) => ['fails', 'stream'].includes(effectOf(fault) ?? ''))
      ? []
      : [{ path: ['failures'], message: NO_QUICK }];
  for (const [list, faults] of Object.entries({ failures, ignored, harmless })) {
    for (const [index, fault] of faults.entries()) {
      const message = refusalOf(fault, kinds) ?? (list === 'failures' ? unfitFailure(fault) : unfitSingle(fault));
      if (message !== undefined) problems.push({ path: [list, index], message });
    }
  }
  return problems;
}

const NO_QUICK =
  'none of these faults fails a call as soon as it arrives, and scenarios need one, such as { kind: status, status: 500 }';

const effectOf = ({ kind }: Fault): Effect | undefined => upstreamFaults.get(kind)?.effect;

/** Parses a fault the way scenarios set it: for the next request or, if it acts on the port, until it is healed. */
function refusalOf(fault: Fault, kinds: Kinds): string | undefined {
  try {
    const isOfRequests = kinds !== connectionFaults && effectOf(fault) !== 'port';
    parseFault(isOfRequests ? { ...fault, next: 1 } : fault, kinds);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function unfitFailure(fault: Fault): string | undefined {
  if (fault.kind === 'mix') {
    return 'a mix is not allowed among failures, because scenarios mix them; list its members instead';
  }
  return effectOf(fault) === 'none' ? `"${fault.kind}" does not fail a call; move it to harmless` : undefined;
}

function unfitSingle(fault: Fault): string | undefined {
  return effectOf(fault) === 'port'
    ? `"${fault.kind}" acts on the port, and this list is for faults of single requests; remove it`
    : undefined;
}

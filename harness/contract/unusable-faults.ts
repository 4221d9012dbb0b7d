import { Refusal } from '../../faults/base/refusal.ts';
import { connectionFaults } from '../../faults/connections/index.ts';
import { faultsOf } from '../../faults/fakes/upstream-definition.ts';
import { upstreamFaults } from '../../faults/kinds/index.ts';
import type { FaultKinds } from '../../faults/kinds/lib/fault.ts';
import type { Effect } from '../../faults/kinds/lib/upstream-fault.ts';
import { parseFault } from '../../faults/plan/parse-fault.ts';
import { failuresOf, isPromisedAgain, isQuick, promisedCallsOf, seenAs } from './attempts.ts';
import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';
import { DATABASE } from './uses-postgres.ts';

type Breaker = Contract['breakers'][string];
type Fault = Breaker['failures'][number];

/** The faults that an upstream supports, and how a breaker's scenarios set them. */
interface Supported {
  readonly kinds: FaultKinds<never>;
  readonly effectOf: (fault: Fault) => Effect | undefined;
  /** The scope of a fault that breaks the next call. */
  readonly nextCall: object;
  /** A fault that fails a call immediately. */
  readonly example: string;
}

const HTTP: Omit<Supported, 'kinds'> = {
  effectOf: ({ kind }) => upstreamFaults.get(kind)?.effect,
  nextCall: { next: 1 },
  example: '{ kind: status, status: 500 }',
};

/** A connection that is half-open after one call would also lose the calls that follow on it. */
const OF_WHOLE_CONNECTIONS = 'half-open';

const TCP: Supported = {
  kinds: new Map([...connectionFaults].filter(([kind]) => kind !== OF_WHOLE_CONNECTIONS)),
  effectOf: ({ kind }) => connectionFaults.get(kind)?.effect,
  nextCall: { next: 1, connections: 'calling' },
  example: '{ kind: reset }',
};

/**
 * Finds faults in a contract that the fakes would reject or that scenarios can't use for a breaker, and breakers in
 * front of a TCP upstream whose calls can't be counted.
 */
export function unusableFaults({ breakers, upstreams }: Contract): Problem[] {
  return Object.entries(breakers).flatMap(([name, breaker]) => [
    ...uncounted(['breakers', name, 'upstream'], breaker, upstreams),
    ...unjudgedCounts(['breakers', name, 'counts'], breaker, upstreams),
    ...problemsOf(breaker, supportedBy(breaker.upstream, upstreams)).map(({ path, message }) => ({
      path: ['breakers', name, ...path],
      message,
    })),
  ]);
}

function uncounted(path: Problem['path'], { upstream }: Breaker, upstreams: Contract['upstreams']): Problem[] {
  const declared = upstreams[upstream];
  if (declared === undefined || !('tcp' in declared) || declared.calls !== undefined) return [];
  const message = `the calls to "${upstream}" can't be counted: add upstreams.${upstream}.calls, such as redis`;
  return [{ path, message }];
}

/** A breaker that counts calls or attempts is judged by failures after which the contract promises all attempts. */
function unjudgedCounts(path: Problem['path'], breaker: Breaker, upstreams: Contract['upstreams']): Problem[] {
  const calls = promisedCallsOf({ upstreams }, breaker.upstream);
  const repeated = failuresOf(breaker, calls).repeated.filter(isQuick);
  const isKnown = repeated.length > 0 && repeated.every((fault) => isPromisedAgain(calls, seenAs(fault)));
  if (breaker.counts === undefined || isKnown) return [];
  const message = `needs failures that are always repeated: list those of this breaker in upstreams.${breaker.upstream}.calls.on`;
  return [{ path, message }];
}

/** Returns the faults that an upstream supports. An undeclared upstream is treated as HTTPS. */
function supportedBy(name: string, upstreams: Contract['upstreams']): Supported {
  const declared = upstreams[name];
  if (name === DATABASE || (declared && 'tcp' in declared)) return TCP;
  return { ...HTTP, kinds: declared ? faultsOf(declared) : upstreamFaults };
}

function problemsOf({ failures, ignored, harmless }: Breaker, supported: Supported): Problem[] {
  const { effectOf, example } = supported;
  const isQuick = failures.some((fault) => ['fails', 'stream'].includes(effectOf(fault) ?? ''));
  const problems: Problem[] = isQuick ? [] : [{ path: ['failures'], message: `${NO_QUICK} ${example}` }];
  for (const [list, faults] of Object.entries({ failures, ignored, harmless })) {
    for (const [index, fault] of faults.entries()) {
      const unfit = list === 'failures' ? unfitFailure : unfitSingle;
      const message = refusalOf(fault, supported) ?? unfit(fault, effectOf(fault));
      if (message !== undefined) problems.push({ path: [list, index], message });
    }
  }
  return problems;
}

const NO_QUICK = 'none of these faults fails a call as soon as it arrives, and scenarios need one, such as';

/** Parses a fault the way scenarios set it: for the next call or, if it acts on the port, until it is healed. */
function refusalOf(fault: Fault, { kinds, effectOf, nextCall }: Supported): string | undefined {
  try {
    parseFault(effectOf(fault) === 'port' ? fault : { ...fault, ...nextCall }, kinds);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function unfitFailure({ kind }: Fault, effect: Effect | undefined): string | undefined {
  if (kind === 'mix') {
    return 'a mix is not allowed among failures, because scenarios mix them; list its members instead';
  }
  return effect === 'none' ? `"${kind}" does not fail a call; move it to harmless` : undefined;
}

function unfitSingle({ kind }: Fault, effect: Effect | undefined): string | undefined {
  return effect === 'port'
    ? `"${kind}" acts on the port, and this list is for faults of single requests; remove it`
    : undefined;
}

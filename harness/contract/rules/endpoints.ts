import { faultsOf } from '../../../faults/fakes/upstream-definition.ts';
import type { FaultKinds } from '../../../faults/kinds/lib/fault.ts';
import { parseFault } from '../../../faults/plan/parse-fault.ts';
import type { DeclaredUpstream } from '../../../mocks/declared-upstream.ts';
import type { Contract } from '../contract.ts';
import { isHttp } from '../is-http.ts';
import { answeredBy } from '../schema/answers.ts';
import { fallbackOf, servedWithoutOf } from '../schema/fallback.ts';
import { workedBy } from '../schema/finishes-later.ts';
import { faultAt, faultNamed, type NamedFault } from '../schema/on-fault.ts';
import { type Problem, type Rule, rule } from './rule.ts';
import { isStarted, refusalOf, undeclared, unreachable } from './upstreams.ts';

type Endpoint = Contract['endpoints'][string];

/** Finds promises about the upstreams of an endpoint that can't be put to the test. */
export const endpointRules: readonly Rule[] = [
  rule({
    at: 'endpoints.*.reaches.*',
    when: isStarted,
    message: ({ value: upstream, contract }) => unreachable(upstream, contract),
  }),
  rule({
    at: 'endpoints.*.servedWithout.*',
    when: ({ value: upstream, entry, contract }) => isStarted({ contract }) && !entry.reaches.includes(upstream),
    message: ({ value: upstream }) => `it does not reach "${upstream}"`,
  }),
  rule({
    at: 'endpoints.*.relays.*',
    when: ({ value: upstream, entry, contract }) =>
      isStarted({ contract }) &&
      !(entry.reaches.includes(upstream) && httpUpstreamsOf({ ...entry, reaches: [upstream] }, contract).length > 0),
    message: ({ value: upstream }) => `it does not reach an HTTP upstream "${upstream}"`,
  }),
  rule({
    at: 'endpoints.*.storesNothing',
    message: ({ entry, name, contract }) => notKept(name, entry, contract),
  }),
  rule({
    at: ['endpoints.*.onFault', 'endpoints.*.stream'],
    when: ({ value, entry, contract }) =>
      Object.keys(value).length > 0 && httpUpstreamsOf(entry, contract).length === 0,
    message: 'it reaches no HTTP upstream; list one in `reaches`',
  }),
  rule({
    at: 'endpoints.*.stream.relaySeconds',
    when: ({ value, entry }) => value >= (entry.stream?.stallSeconds ?? Number.POSITIVE_INFINITY),
    message: ({ value, entry }) =>
      `must be shorter than \`stallSeconds\` (${entry.stream?.stallSeconds}); it is ${value}`,
  }),
  rule({
    at: 'endpoints.*.onFault.*',
    message: ({ key, entry, contract }) => unusableAnswer(key, entry, contract),
  }),
  rule({
    at: 'endpoints.*.fallback',
    when: isStarted,
    message: ({ entry, contract }) => fallbackProblems(entry, contract),
  }),
  rule({
    at: 'endpoints.*.finishesLater',
    when: isStarted,
    message: ({ entry, name, contract }) => workProblems(entry, name, contract),
  }),
  rule({
    at: 'endpoints.*.answers',
    when: isStarted,
    message: ({ entry, contract }) => answerProblems(entry, contract),
  }),
  rule({
    at: 'ledger.answer',
    when: ({ contract }) => {
      const writer = contract.endpoints[contract.ledger?.endpoint ?? ''];
      return (
        isStarted({ contract }) && writer !== undefined && !answeredBy(writer).some((name) => isHttp(contract, name))
      );
    },
    message: ({ contract }) => `"${contract.ledger?.endpoint}" reaches no HTTP upstream; list one in \`reaches\``,
  }),
];

const httpUpstreamsOf = ({ reaches }: Endpoint, { upstreams }: Contract): DeclaredUpstream[] =>
  reaches.flatMap((name) => upstreams[name] ?? []).filter((upstream) => !('tcp' in upstream));

/** Returns the problem with a fault in `onFault`, or undefined if there is none. */
function unusableAnswer(key: string, endpoint: Endpoint, contract: Contract): string | undefined {
  const { fault, upstream } = faultAt(key);
  if (upstream === undefined) return unusableFault(fault, httpUpstreamsOf(endpoint, contract));
  if (!endpoint.reaches.includes(upstream)) {
    return `it does not reach "${upstream}"; it reaches ${endpoint.reaches.join(', ') || 'no upstream'}`;
  }
  return unusableFault(fault, httpUpstreamsOf({ ...endpoint, reaches: [upstream] }, contract));
}

/** Returns what is wrong if the name alone does not describe a fault that each of these upstreams can have. */
function unusableFault(fault: string, upstreams: readonly DeclaredUpstream[]): string | undefined {
  const kinds = upstreams.map(faultsOf).find((supported) => !isUsable(faultNamed(fault), supported));
  if (kinds === undefined) return undefined;
  const allowed = [...kinds.keys()].filter((kind) => isUsable({ kind }, kinds)).join(', ');
  return `"${fault}" can't be used: it is unknown, or needs further fields; allowed: a status from 400 to 599 or of a redirect (301, 302, 303, 307, 308), ${allowed}`;
}

/** Whether the name alone describes a fault of one of these kinds. */
const isUsable = (fault: NamedFault, kinds: FaultKinds<never>): boolean =>
  refusalOf(() => parseFault(fault, kinds)) === undefined;

/** Finds upstreams that can't be called in the order of a fallback, and faults that the first of them can't have. */
function fallbackProblems({ fallback, reaches }: Endpoint, { upstreams }: Contract): Problem[] {
  const { order = [], on = [], never = [] } = fallbackOf(fallback) ?? {};
  const problems = order.flatMap((upstream, index): Problem[] => {
    const message = wrongUpstream(upstream, order.slice(0, index), { upstreams, reaches });
    return message === undefined ? [] : [{ path: [...(Array.isArray(fallback) ? [] : ['order']), index], message }];
  });
  if (problems.length > 0) return problems;
  const first = order.slice(0, 1).flatMap((name) => upstreams[name] ?? []);
  return Object.entries({ on, never }).flatMap(([field, faults]) =>
    faults.flatMap((fault, index): Problem[] => {
      const message = unusableFault(String(fault), first);
      return message === undefined ? [] : [{ path: [field, index], message }];
    }),
  );
}

function wrongUpstream(
  upstream: string,
  before: readonly string[],
  { upstreams, reaches }: Pick<Contract, 'upstreams'> & Pick<Endpoint, 'reaches'>,
): string | undefined {
  const unknown = undeclared(upstream, upstreams);
  if (unknown !== undefined) return unknown;
  if ('tcp' in (upstreams[upstream] ?? {}))
    return `"${upstream}" is a TCP server; only HTTP upstreams can be a fallback`;
  if (before.includes(upstream)) return `"${upstream}" is listed twice in the order`;
  const isReached = reaches.includes(upstream);
  if (before.length === 0) return isReached ? undefined : `"${upstream}" is called first; list it in \`reaches\``;
  return isReached ? `"${upstream}" is called only if another one fails; remove it from \`reaches\`` : undefined;
}

/** Finds upstreams that can't get the work which an endpoint finishes later. */
function workProblems(endpoint: Endpoint, name: string, contract: Contract): (Problem | string)[] {
  const optional = servedWithoutOf(endpoint);
  const wrong = (endpoint.finishesLater?.upstreams ?? []).flatMap((upstream, index): Problem[] => {
    const message =
      undeclared(upstream, contract.upstreams) ??
      (isHttp(contract, upstream) ? undefined : `"${upstream}" is not an HTTP upstream`) ??
      (optional.includes(upstream)
        ? `"${name}" is served without "${upstream}"; remove one of the two promises`
        : undefined);
    return message === undefined ? [] : [{ path: ['upstreams', index], message }];
  });
  if (wrong.length > 0 || workedBy(endpoint).some((upstream) => isHttp(contract, upstream))) return wrong;
  return ['its work reaches no HTTP upstream; list one in `upstreams`'];
}

/** Finds upstreams whose answers can't be compared with what callers get. */
function answerProblems(endpoint: Endpoint, contract: Contract): (Problem | string)[] {
  const { from } = endpoint.answers ?? {};
  if (from === undefined) {
    const isAnswered = answeredBy(endpoint).some((upstream) => isHttp(contract, upstream));
    return isAnswered ? [] : ['it reaches no HTTP upstream; name one in `from`, or list one in `reaches`'];
  }
  return [from].flat().flatMap((upstream, index, all): Problem[] => {
    const message =
      undeclared(upstream, contract.upstreams) ??
      (isHttp(contract, upstream) ? undefined : `"${upstream}" is not an HTTP upstream`) ??
      (all.indexOf(upstream) < index ? `"${upstream}" is listed twice` : undefined);
    return message === undefined ? [] : [{ path: ['from', ...(Array.isArray(from) ? [index] : [])], message }];
  });
}

/** Returns why it can't be judged, or can't be kept, that failed calls of an endpoint store nothing. */
function notKept(name: string, endpoint: Endpoint, contract: Contract): string | undefined {
  const { ledger } = contract;
  if (ledger === undefined) return 'needs a table; describe it in `ledger`';
  if (isStarted({ contract }) && httpUpstreamsOf(endpoint, contract).length === 0) {
    return 'it reaches no HTTP upstream; list one in `reaches`';
  }
  const storing = {
    served: endpoint.served,
    'ledger.acknowledged': ledger.endpoint === name ? ledger.acknowledged : [],
    'finishesLater.accepted': endpoint.finishesLater?.accepted ?? [],
  };
  return Object.entries(storing)
    .flatMap(([field, statuses]) =>
      statuses.filter((status) => endpoint.storesNothing?.includes(status)).map((status) => `${status} is in ${field}`),
    )
    .at(0);
}

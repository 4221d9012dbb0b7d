import type { Finding } from './finding.ts';

/** The kinds of parts of a service that a finding can be about. */
const KINDS = ['upstream', 'breaker', 'limit', 'endpoint'] as const;

/** The names of the parts that a finding is about, by kind. A kind is missing if it is about none or about all. */
export type Subject = Readonly<Partial<Record<(typeof KINDS)[number], ReadonlySet<string>>>>;

/** The parts that promises name, by the place in the contract, in which `*` is a profile. */
const NAMED_IN: Readonly<Record<string, (typeof KINDS)[number]>> = {
  upstreams: 'upstream',
  breakers: 'breaker',
  'profiles.breakers': 'breaker',
  'profiles.limits': 'limit',
};

/** Returns the parts that the promises of a finding name. */
export function subjectOf({ promises = [] }: Pick<Finding, 'promises'>): Subject {
  const named = promises.flatMap((path): [(typeof KINDS)[number], string][] => {
    const [place, name] = path[0] === 'profiles' ? [`profiles.${path[2]}`, path[3]] : [path[0] ?? '', path[1]];
    const kind = NAMED_IN[place];
    return kind === undefined || name === undefined ? [] : [[kind, name]];
  });
  return asSubject(named);
}

/** Returns a subject with these parts. */
export const asSubject = (parts: readonly (readonly [(typeof KINDS)[number], string])[]): Subject =>
  Object.fromEntries(
    [...Map.groupBy(parts, ([kind]) => kind)].map(([kind, of]) => [kind, new Set(of.map(([, name]) => name))]),
  );

/** Whether two findings are about different parts of a service, so that one is no consequence of the other. */
export const areApart = (a: Subject, b: Subject): boolean =>
  KINDS.some((kind) => {
    const [names, others] = [a[kind], b[kind]];
    return names !== undefined && others !== undefined && ![...names].some((name) => others.has(name));
  });

import type { Facts } from '../checkers/lib/checker.ts';
import { phaseTag } from '../contract/phases.ts';
import type { History } from '../history/history.ts';
import type { Finding } from '../verdict/finding.ts';
import { asSubject, type Subject, subjectOf } from '../verdict/subject.ts';

/** Returns the parts of the service that a finding is about: its promises and the phases of its requests name them. */
export function subjectIn(history: History, { contract }: Pick<Facts, 'contract'>, finding: Finding): Subject {
  const { upstream = [], breaker = [], limit = [] } = subjectOf(finding);
  const { requests = [] } = finding;
  const phaseTags = new Set(requests.flatMap(({ phase }) => phase ?? []));
  const phases = history.all('phase').flatMap((phase) => (phaseTags.has(phaseTag(phase)) ? [phase.data] : []));
  const named = (field: 'upstream' | 'breaker' | 'endpoint'): string[] =>
    phases.flatMap((data) => (field in data ? [String(data[field as keyof typeof data])] : []));
  const breakers = new Set([...breaker, ...named('breaker')]);
  const protectedBy = [...breakers].flatMap((name) => contract.breakers[name]?.upstream ?? []);
  return asSubject([
    ...[...upstream, ...named('upstream'), ...protectedBy].map((name) => ['upstream', name] as const),
    ...[...breakers].map((name) => ['breaker', name] as const),
    ...[...limit, ...requests.flatMap((tags) => tags.limit ?? [])].map((name) => ['limit', name] as const),
    ...named('endpoint').map((name) => ['endpoint', name] as const),
  ]);
}

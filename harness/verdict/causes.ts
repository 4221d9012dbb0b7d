import { count } from '../base/in-words.ts';
import type { Finding } from './finding.ts';
import { areApart, subjectOf } from './subject.ts';

/** The part of a scenario that is needed to find causes. */
interface Judged {
  readonly findings: readonly Finding[];
}

/** A finding that did not pass, and its position in the scenario. */
export interface Located<Scenario extends Judged = Judged> {
  readonly scenario: Scenario;
  readonly finding: Finding;
  readonly index: number;
}

/** Findings with the same checker and verdict, across all scenarios, that are not explained by another finding. */
export interface Cause<Scenario extends Judged = Judged> {
  /** The check's name, or what the names of all its checks have in common. */
  readonly title: string;
  readonly verdict: Finding['verdict'];
  readonly findings: readonly Located<Scenario>[];
  /** Findings that follow from these. */
  readonly followers: readonly Located<Scenario>[];
  /**
   * The title of a failure that may have caused this one, because its checker depends on the checker that failed there.
   */
  readonly mayFollow?: string;
}

/**
 * Returns the causes of all findings that did not pass: failures first, then those that follow from no other failure,
 * then by how many findings they explain. Some scenarios judge only a consequence, such as recovery. It stands alone
 * there, but comes after the failure of another scenario that it depends on.
 */
export function causesOf<Scenario extends Judged>(scenarios: readonly Scenario[]): Cause<Scenario>[] {
  const all = scenarios.flatMap(locate);
  const roots = all.map((located) => ({ located, root: rootOf(located) }));
  const groups = Map.groupBy(roots, ({ root }) => kindOf(root.finding));
  const causes = [...groups.values()].map((group): Cause<Scenario> => {
    const findings = group.filter(({ located, root }) => located === root).map(({ located }) => located);
    const followers = group.filter(({ located, root }) => located !== root).map(({ located }) => located);
    const checks = findings.map(({ finding }) => finding.check);
    return { title: commonTitle(checks), verdict: findings[0]?.finding.verdict ?? 'FAIL', findings, followers };
  });
  return causes
    .map((cause) => ({ ...cause, ...mayFollow(cause, causes) }))
    .toSorted(
      (a, b) =>
        Number(b.verdict === 'FAIL') - Number(a.verdict === 'FAIL') ||
        Number(a.mayFollow !== undefined) - Number(b.mayFollow !== undefined) ||
        weight(b) - weight(a),
    );

  /** Returns the finding that explains this one, or this one if there is none. */
  function rootOf(follower: Located<Scenario>): Located<Scenario> {
    const { scenario, finding } = follower;
    const explains = (other: Located<Scenario>): boolean =>
      other.scenario === scenario && other.finding.check === finding.follows && other.finding.follows === undefined;
    return all.find(explains) ?? follower;
  }
}

/** A finding that did not pass, and the title of the failure in another scenario that it may follow from. */
export type Problem<Scenario extends Judged = Judged> = Located<Scenario> & Pick<Cause, 'mayFollow'>;

/**
 * Returns all findings that did not pass: failures first, and among them the causes in the order of `causesOf`, then
 * what follows from them.
 */
export function problemsOf<Scenario extends Judged>(scenarios: readonly Scenario[]): Problem<Scenario>[] {
  const causes = causesOf(scenarios);
  const own = causes.flatMap(({ findings, mayFollow }) =>
    findings.map((finding) => ({ ...finding, ...(mayFollow !== undefined && { mayFollow }) })),
  );
  return [...own, ...causes.flatMap(({ followers }) => followers)].toSorted(
    (a, b) => Number(b.finding.verdict === 'FAIL') - Number(a.finding.verdict === 'FAIL'),
  );
}

/**
 * Returns the most important failure that may have led to this cause, if any: its checker depends on the other checker,
 * which its own scenario did not judge, and both are about the same parts of the service.
 */
function mayFollow({ findings: [first] }: Cause, causes: readonly Cause[]): Pick<Cause, 'mayFollow'> {
  const judged = first?.scenario.findings.map(({ checker }) => checker);
  const open = first?.finding.restsOn?.filter((checker) => !judged?.includes(checker)) ?? [];
  const [failure] = causes
    .filter(({ verdict, findings }) => verdict === 'FAIL' && open.includes(findings[0]?.finding.checker ?? ''))
    .filter(({ findings }) =>
      findings.some(({ finding }) => first && !areApart(subjectOf(finding), subjectOf(first.finding))),
    )
    .toSorted((a, b) => weight(b) - weight(a));
  return failure ? { mayFollow: failure.title } : {};
}

/** Describes how many findings follow from a cause. */
export const countFollowers = ({ followers }: Pick<Cause, 'followers'>): string =>
  count(followers.length, 'check that follows from it', 'checks that follow from it');

/** Returns how many findings a cause explains, including its own. */
const weight = ({ findings, followers }: Cause): number => findings.length + followers.length;

const locate = <Scenario extends Judged>(scenario: Scenario): Located<Scenario>[] =>
  scenario.findings.flatMap((finding, index) => (finding.verdict === 'PASS' ? [] : [{ scenario, finding, index }]));

const kindOf = ({ checker, check, verdict }: Finding): string =>
  JSON.stringify([checker ?? beforeColon(check), verdict]);

const beforeColon = (check: string): string => check.split(': ', 1)[0] ?? check;

/**
 * Returns a title for several checks: their common name up to a colon, or their names merged if they differ in a single
 * word ("ignored by llm/memory"), or else the words that all of them start with. If they have no words in common,
 * returns the first check.
 */
function commonTitle([first = '', ...others]: readonly string[]): string {
  if (others.every((other) => other === first)) return first;
  const names = [first, ...others].map((check) => beforeColon(check).split(' '));
  const [own = []] = names;
  const at = own.findIndex((word, index) => names.some((name) => name[index] !== word));
  if (at === -1) return own.join(' ');
  if (at === 0) return first;
  const words = [...new Set(names.map((name) => name[at]))];
  const isSingle = names.every(
    (name) => name.length === own.length && name.every((word, index) => index === at || word === own[index]),
  );
  if (isSingle) return own.with(at, words.join('/')).join(' ');
  return own.slice(0, at).join(' ');
}

import { messageOf } from '../base/errors.ts';
import { errorsFirst } from '../base/names-error.ts';
import { RECORD } from '../checkers/foundation/index.ts';
import { serviceStaysUp } from '../checkers/foundation/service-stays-up.ts';
import { ALWAYS, CHECKERS } from '../checkers/index.ts';
import { busyness } from '../checkers/lib/busy.ts';
import type { Checker, Facts } from '../checkers/lib/checker.ts';
import { endpointsServed } from '../checkers/load/endpoints-served.ts';
import { steadyState } from '../checkers/load/steady-state.ts';
import { reasonIn } from '../contract/log-reasons.ts';
import type { History } from '../history/history.ts';
import type { Finding } from '../verdict/finding.ts';
import { areApart, type Subject } from '../verdict/subject.ts';
import { NO_FINDING, withAllCases } from './expected-cases.ts';
import { allCauses, causesFirst, firstCause, whyUndecided } from './rests-on.ts';
import { saidMeanwhile } from './said-meanwhile.ts';
import { subjectIn } from './subject-in.ts';
import { undescribedErrors } from './undescribed-errors.ts';
import { neverReached } from './unreached.ts';

/** A checker's name and its findings. */
type Judgement = [checker: string, findings: Finding[]];

/** A failed check, or the one that explains it, and the parts of the service that it is about. */
interface Failure {
  readonly root: string;
  readonly subject: Subject;
}

/** Checkers of calls while nothing is broken. What the log says then is the reason if they are not served. */
const WITHOUT_FAULTS: readonly Checker[] = [steadyState, endpointsServed];

/** Likely causes if a check is INCONCLUSIVE, no other check explains it, and the machine was not busy. */
const TOO_LITTLE =
  'This check had too little data, or a time was too close to its limit. Compare the expected with the observed value. No long delay of the machine was measured meanwhile, so another run may give the same result.';

/** Likely causes if nothing was found about a case, and no other check explains it. */
const NOT_REACHED =
  'The script did not get as far as this check. Look for the first call in the report that did not get the expected answer.';

/** Returns the likely causes if a check is INCONCLUSIVE. The machine is blamed only if it was measured to be busy. */
function whyTooLittle(
  history: History,
  facts: Facts,
  { timed }: Pick<Checker, 'timed'>,
  { finding, follows }: { finding: Finding; follows: string | undefined },
): string {
  if (follows !== undefined) return `"${follows}" explains it. Fix that first.`;
  if (finding.observed === NO_FINDING) return NOT_REACHED;
  const busy = busyness(history, facts, finding, timed === true);
  return busy === undefined
    ? TOO_LITTLE
    : `The machine was busy: ${busy}. Run the scenario again when it is less busy.`;
}

const NOT_STARTED =
  'The service did not start: a setting is wrong, or it needs something that the lab does not provide.';

/** Reports that nothing ran if the lab could not set up the scenario. In this case there is nothing else to judge. */
function notSetUp(history: History): Finding[] {
  return history.all('set-up').map(({ problem, output }) => ({
    check: 'scenario set up',
    expected: 'the lab starts the service and its dependencies',
    observed: problem,
    verdict: 'INCONCLUSIVE',
    evidence: errorsFirst(output),
    voids: 'everything',
    checker: 'set-up',
    usually: reasonIn(errorsFirst([problem, ...output])) ?? NOT_STARTED,
  }));
}

/**
 * Judges a history, one checker at a time. The checkers for the record itself and for the steady state come first,
 * followed by the others in `holds`, and those that apply to every scenario, with causes before their consequences. If the record or its times can't be
 * trusted, nothing can be blamed on the service, and failures become INCONCLUSIVE. A case without a finding is
 * INCONCLUSIVE as well.
 *
 * @param ofRecord The checkers that judge the record. Defaults to all.
 */
export function* judgeEach(
  history: History,
  facts: Facts,
  holds: readonly string[],
  ofRecord: readonly Checker[] = RECORD,
): Generator<Judgement> {
  const broken = notSetUp(history);
  if (broken.length > 0) return yield ['set-up', broken];
  const listed = holds.map((name) => CHECKERS[name] ?? missing(name));
  const first = causesFirst([...listed.filter(({ name }) => name === steadyState.name), ...ofRecord]);
  /** The failed checks of each checker, in order. */
  const failed = new Map<string, Failure[]>();
  /** The first check of the record because of which none of the following can be judged. */
  let unreliable: string | undefined;
  const whyNeverReached = neverReached(history, facts);
  /** The check that names the endpoints that the script left out. */
  let leftOut: string | undefined;
  /** The check that says that the service ended too early. A script stops then. */
  const hasEnded = serviceStaysUp.judge(history, facts).find(({ verdict }) => verdict === 'FAIL')?.check;
  const explained = (checker: Checker, findings: readonly Finding[]): Judgement => {
    const { name, usually } = checker;
    const restsOn = allCauses(checker);
    const failures: Failure[] = [];
    const explain = (found: Finding): Finding => {
      const undescribed = undescribedErrors(history, facts, found);
      const changes = [...(found.changes ?? []), ...(undescribed?.changes ?? [])];
      const said = saidMeanwhile(history, facts, found, WITHOUT_FAULTS.includes(checker));
      const evidence = [...(found.evidence ?? []), ...said.evidence];
      const finding = {
        ...found,
        ...undescribed,
        ...(changes.length > 0 && { changes }),
        ...(evidence.length > 0 && { evidence }),
      };
      if (finding.verdict === 'PASS') return { ...finding, checker: name };
      const subject = subjectIn(history, facts, finding);
      const connected = {
        get: (cause: string) => failed.get(cause)?.find((failure) => !areApart(failure.subject, subject))?.root,
      };
      const isFailed = finding.verdict === 'FAIL';
      const isMissing =
        finding.observed === NO_FINDING || finding.requests?.every((tags) => history.sent(tags).length === 0) === true;
      const follows = isFailed
        ? firstCause(checker, connected)
        : (whyUndecided(checker, connected) ?? unreliable ?? (isMissing ? (hasEnded ?? leftOut) : undefined));
      if (isFailed) failures.push({ root: follows ?? finding.check, subject });
      // What follows from another check says so. The record and what applies to all responses do not need an upstream.
      const isOwn = isFailed || follows === undefined;
      const isAboutCalls = !first.includes(checker) && !(ALWAYS as readonly Checker[]).includes(checker);
      const unreached = isOwn && isAboutCalls ? whyNeverReached(finding) : undefined;
      const causes =
        isFailed || first.includes(checker) ? usually : whyTooLittle(history, facts, checker, { finding, follows });
      return {
        ...finding,
        checker: name,
        ...(restsOn.length > 0 && { restsOn }),
        ...(follows !== undefined && { follows }),
        usually: said.reason ?? unreached ?? finding.usually ?? causes,
      };
    };
    const all = findings.map(explain);
    if (failures.length > 0) failed.set(name, failures);
    return [name, all];
  };
  const record: Finding[] = [];
  for (const checker of first) {
    const findings = judgeBy(checker, history, facts);
    record.push(...findings);
    const judgement = explained(checker, findings);
    const voiding = judgement[1].find(({ verdict, voids }) => verdict !== 'PASS' && voids === 'everything');
    if (voiding) unreliable ??= voiding.follows ?? voiding.check;
    if (checker.name === steadyState.name) leftOut = judgement[1].find(({ lasting }) => lasting)?.check;
    yield judgement;
  }
  const [everything, times] = (['everything', 'times'] as const).map((what) =>
    record.find(({ voids }) => voids === what),
  );
  const later = listed.filter((checker) => !first.includes(checker));
  for (const checker of causesFirst([...later, ...ALWAYS])) {
    const voiding = checker.certain ? undefined : (everything ?? (checker.timed ? times : undefined));
    const findings = judgeBy(checker, history, facts);
    yield explained(checker, voiding ? findings.map((finding) => voidedBy(voiding, finding)) : findings);
  }
}

const undecided = (check: string, observed: string, usually: string): Finding[] => [
  { check, expected: 'a verdict', observed, verdict: 'INCONCLUSIVE', usually },
];

const OTHER_VERSION = 'The history was recorded by another version.';
const CRASHED = 'The check has a bug: it threw an exception, or returned something that is not a list of findings.';

const missing = (name: string): Checker => ({
  name,
  usually: OTHER_VERSION,
  judge: () => undecided(name, 'there is no such checker', OTHER_VERSION),
});

function judgeBy(checker: Checker, history: History, facts: Facts): Finding[] {
  try {
    return withAllCases(checker, checker.judge(history, facts), facts);
  } catch (error) {
    return undecided(checker.name, `the checker crashed: ${messageOf(error)}`, CRASHED);
  }
}

function voidedBy({ check, observed, voids }: Finding, finding: Finding): Finding {
  if (finding.verdict !== 'FAIL' || (finding.untimed && voids === 'times')) return finding;
  const evidence = [`it failed, but the record is unreliable: ${check}: ${observed}`, ...(finding.evidence ?? [])];
  return { ...finding, verdict: 'INCONCLUSIVE', evidence };
}

import { messageOf } from '../base/errors.ts';
import { CHECKERS, FOUNDATION, THRESHOLDS, TIMED } from '../checkers/index.ts';
import type { Checker, Facts, Finding } from '../checkers/lib/checker.ts';
import type { History } from '../history/history.ts';

/** A checker's name and its findings. */
type Judgement = [checker: string, findings: Finding[]];

/** That nothing ran, if the lab could not set the scenario up: then there is nothing else to judge. */
function notSetUp(history: History): Finding[] {
  return history.all('set-up').map(({ problem, output }) => ({
    ...{ check: 'scenario set up', expected: 'the lab starts the service and what it needs', observed: problem },
    ...{ verdict: 'INCONCLUSIVE', evidence: output, voids: 'everything' },
  }));
}

/**
 * Judges a history, one checker at a time, by those that judge every scenario and by those of the given names. Where the first
 * find that the record can't be trusted, or its times can't, nothing that rests on that can be blamed on the service: it is
 * INCONCLUSIVE.
 */
export function* judgeEach(history: History, facts: Facts, holds: readonly string[]): Generator<Judgement> {
  const broken = notSetUp(history);
  if (broken.length > 0) return yield ['set-up', broken];
  const foundation: Finding[] = [];
  for (const [name, by] of Object.entries(FOUNDATION)) {
    const findings = judgeBy(name, by, history, facts);
    foundation.push(...findings);
    yield [name, findings];
  }
  const [everything, times] = (['everything', 'times'] as const).map((what) =>
    foundation.find(({ voids }) => voids === what),
  );
  const others = [...holds.map((name) => [name, CHECKERS[name]] as const), ...Object.entries(THRESHOLDS)];
  for (const [name, by] of others) {
    const voiding = everything ?? (TIMED.includes(name) ? times : undefined);
    const findings = judgeBy(name, by, history, facts);
    yield [name, voiding ? findings.map((finding) => voided(finding, voiding)) : findings];
  }
}

function judgeBy(name: string, checker: Checker | undefined, history: History, facts: Facts): Finding[] {
  const nothing = (observed: string): Finding[] => [
    { check: name, expected: 'a judgement', observed, verdict: 'INCONCLUSIVE' },
  ];
  try {
    return checker ? checker(history, facts) : nothing('there is no such checker');
  } catch (error) {
    return nothing(`the checker crashed: ${messageOf(error)}`);
  }
}

function voided(finding: Finding, { check, observed }: Finding): Finding {
  if (finding.verdict !== 'FAIL') return finding;
  const evidence = [`seen to fail, but void: ${check}: ${observed}`, ...(finding.evidence ?? [])];
  return { ...finding, verdict: 'INCONCLUSIVE', evidence };
}

import { z } from 'zod';
import { changeText } from '../fix/yaml-text.ts';
import { type Diagnosis, diagnosisSchema } from '../verdict/diagnosis.ts';
import { verdictSchema } from '../verdict/finding.ts';
import { callText, type Data } from './answer.ts';
import { jobFields, notJudged } from './run-data.ts';

const finding = z.object({
  scenario: z.string(),
  check: z.string(),
  verdict: verdictSchema,
  expected: z.string(),
  observed: z.string(),
  usually: z.string().optional(),
  evidence: z.array(z.string()).optional(),
  contract: z.array(z.string()).optional().describe('The lines of the contract that it is about.'),
  explains: z.int().describe('Number of other checks that did not pass because of it.'),
});

const fields = {
  verdict: verdictSchema.describe('PASS: the contract describes the service.'),
  contract: z.string(),
  problems: z.array(finding).describe('How the service differs from the contract, the most important cause first.'),
  changes: z.array(z.string()).describe('Lines with which the contract would match the service as it is now.'),
  written: z.array(z.string()).describe('Lines that were written to the contract (fix).'),
  switchesOff: notJudged.describe('Scenarios that these lines switch off.'),
  judged: z.array(z.string()).describe('Scenarios that can judge the service.'),
  skipped: z
    .array(z.object({ because: z.string(), count: z.int() }))
    .describe('Why other scenarios can not, the most frequent reasons first: list names them all.'),
  unmet: z.array(z.string()).describe('Scenarios that the contract requires, but that can not judge the service.'),
  notExamined: z.array(z.string()).describe('Scenarios that take long, so that only thorough looks at them.'),
  notes: z.array(z.string()),
  willFail: z.array(z.string()).describe('Checks that FAIL in run, although the contract describes the service.'),
  logs: z.array(z.string()).describe("The service's logs."),
};

export const doctorOutput = z.object({ ...jobFields, ...z.object(fields).partial().shape });

/**
 * Describes the output of `doctor --json` in short.
 *
 * @param more The arguments of the call that `next` repeats with `fix`.
 * @throws Error if it is something else, or nothing because it was interrupted
 */
export function describeDiagnosis(json: string, more: Record<string, unknown>): Data {
  const {
    contract,
    verdict,
    scenarios,
    unmet,
    findings,
    causes,
    left,
    notes,
    willFail,
    changes,
    written,
    switchedOff,
    logs,
  } = diagnosisSchema.parse(JSON.parse(json));
  const problems = causes.flatMap(({ title, checks, follow, contract: lines }) => {
    const [first] = checks;
    const found = findings.find(({ scenario, check }) => scenario === first?.scenario && check === first.check);
    return found ? [{ ...found, check: title, lines, explains: checks.length - 1 + follow.length }] : [];
  });
  const reasons = byReason(scenarios).toSorted((a, b) => b.scenarios.length - a.scenarios.length);
  const shown = problems.length > 0 ? reasons.slice(0, 3) : reasons;
  return {
    verdict,
    contract,
    problems: problems.map(({ scenario, check, verdict: of, expected, observed, usually, evidence = [], ...more }) => ({
      scenario,
      check,
      verdict: of,
      expected,
      observed,
      ...(usually !== undefined && { usually }),
      ...(evidence.length > 0 && { evidence }),
      ...(more.lines.length > 0 && { contract: more.lines.map(({ line }) => line) }),
      explains: more.explains,
    })),
    changes: changes.map(changeText),
    ...(written.length > 0 && { written }),
    ...(switchedOff.length > 0 && { switchesOff: byReason(switchedOff) }),
    ...(unmet.length > 0 && { unmet }),
    ...(left.length > 0 && { notExamined: left.map(({ scenario }) => scenario) }),
    ...(notes.length > 0 && { notes }),
    ...(willFail.length > 0 && { willFail }),
    judged: scenarios.flatMap(({ scenario, skipped }) => (skipped === undefined ? [scenario] : [])),
    skipped: shown.map(({ because, scenarios: { length } }) => ({ because, count: length })),
    ...(logs.length > 0 && { logs }),
    next: nextAfter({ contract, verdict, changes }, more),
  };
}

function nextAfter(
  { contract, verdict, changes }: Pick<Diagnosis, 'contract' | 'verdict' | 'changes'>,
  more: Record<string, unknown>,
): string[] {
  if (verdict === 'PASS') return [callText('run', { scenarios: ['stress', 'chaos'] })];
  const again = callText('doctor', more);
  if (changes.length === 0)
    return [`correct ${contract} (proofload://docs/contract/README.md) or the service, then ${again}`];
  return [
    `if the service is right, to write the changes: ${callText('doctor', { ...more, fix: true })}`,
    `if the contract is right: correct the service, then ${again}`,
  ];
}

/** Returns scenarios that can't judge the service, by reason. */
export function byReason(scenarios: readonly { readonly scenario: string; readonly skipped?: string | undefined }[]) {
  const skipped = scenarios.filter((each) => each.skipped !== undefined);
  return [...Map.groupBy(skipped, (each) => each.skipped)].map(([because = '', of]) => ({
    because,
    scenarios: of.map(({ scenario }) => scenario),
  }));
}

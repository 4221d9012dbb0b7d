import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { print, printError, printJson } from '../base/print.ts';
import { withoutSecrets } from '../base/without-secrets.ts';
import { changesIn } from '../fix/changes-in.ts';
import { fixContract } from '../fix/fix-contract.ts';
import { changeText } from '../fix/yaml-text.ts';
import { SILENT } from '../report/reporters/reporter.ts';
import { findingsTable, paint } from '../report/text/terminal.ts';
import { program } from '../run/again.ts';
import { run } from '../run/run.ts';
import { type Change, type Finding, worst } from '../verdict/finding.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { describeContract } from './describe-contract.ts';
import { type Diagnosis, diagnosis } from './diagnosis.ts';
import { tellLogs } from './doctor-logs.ts';
import { otherFailures } from './doctor-other-failures.ts';
import { exitCodeOf, sayWhyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { contractFile, type LabFlags, labOptions, runOptions } from './lab-options.ts';
import { jsonOption } from './options.ts';

const SMOKE = 'stress/smoke';
/** The scenario in which upstreams fail in several ways, whatever the contract promises. */
const WATCHED = 'chaos/retry-amplification';

interface Flags extends LabFlags {
  fix?: boolean;
  json?: boolean;
}

/** Prints a line for people. */
type Say = (line?: string) => void;

/** How often a contract is examined. Each change can show what is wrong behind it. */
const MOST_ROUNDS = 5;

/**
 * Implements `proofload doctor`, which checks that a contract describes the service and that the service can be tested.
 * If each call works, it also opens each breaker that recovers within seconds, and watches calls whose upstreams fail.
 */
export const doctor = (): Command =>
  labOptions(new Command('doctor'))
    .description(
      'Check a contract: which scenarios can judge the service, and whether the service matches the contract.',
    )
    .addOption(
      new Option(
        '--fix',
        'write to the contract (YAML or JSON) what the service did instead, show the lines, and check it again',
      ).conflicts('demo'),
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 it matches, 99 it does not, 3 not known, or a required scenario can not be judged, 2 the contract is invalid, 1 no lab.',
    )
    .addOption(jsonOption())
    .action(async (flags: Flags) => {
      const say = flags.json ? () => {} : print;
      const written: string[] = [];
      for (let round = 1; ; round += 1) {
        const examined = await examine(flags, say);
        const mayFix = flags.fix === true && round < MOST_ROUNDS;
        const { diff, left } = await offer(flags, examined.found.changes, mayFix, say);
        written.push(...diff);
        if (diff.length > 0) {
          say(`\n${examined.found.contract} is checked again.\n`);
          continue;
        }
        sayWhyNothingRan(examined.results);
        say(`\n${examined.conclusion}`);
        if (flags.json) printJson(withoutSecrets(diagnosis({ ...examined.found, changes: left, written })));
        process.exitCode = exitCodeOf(examined.found.verdict, examined.results);
        return;
      }
    });

/** What an examination found. */
interface Examined {
  found: Omit<Diagnosis, 'version' | 'written'>;
  results: RunResult[];
  /** The verdict, with what it covers. */
  conclusion: string;
}

async function examine(flags: Flags, say: Say): Promise<Examined> {
  const { judged, unmet, notJudged, outages, scenarios, hints } = await describeContract(flags, say);
  const findings: (Finding & { scenario: string })[] = [];
  const notes = [...hints];
  const results: RunResult[] = [];
  const look = async (name: string, asked: string[], counts?: (finding: Finding) => boolean) => {
    const tried = await tryScenarios(flags, { name, scenarios: asked, say, ...(counts && { counts }) });
    findings.push(...tried.findings);
    notes.push(...tried.notes);
    results.push(tried.result);
  };
  await look('doctor', [SMOKE]);
  const isServed = results[0]?.verdict === 'PASS';
  if (isServed && outages.length > 0) {
    say(`\nOpening each breaker: ${outages.join(', ')}`);
    await look('doctor-breakers', outages);
  }
  if (isServed && scenarios.some(({ scenario, skipped }) => scenario === WATCHED && skipped === undefined)) {
    say(`\nWatching calls whose upstreams fail: ${WATCHED}`);
    // Its other checks judge the service, and not how the contract describes it.
    await look('doctor-failures', [WATCHED], isUndescribed);
  }
  const verdicts = results.map((result) => result.verdict);
  const verdict = worst([...verdicts, ...(unmet.length === 0 ? [] : ['INCONCLUSIVE' as const])]);
  const changes = changesIn(results);
  const logs: string[] = [];
  for (const result of results.filter((one) => one.verdict !== 'PASS')) {
    const told = await tellLogs(flags.results, result, say);
    changes.push(...told.changes);
    logs.push(...told.logs);
  }
  const missing = unmet.length === 0 ? '' : `Required, but can't be judged: ${unmet.join(', ')}.`;
  const sentences = [`${ADVICE[worst(verdicts)]}.`, judged, missing, notJudged];
  return {
    found: { contract: relative('', contractFile(flags)), verdict, scenarios, unmet, findings, notes, changes, logs },
    results,
    conclusion: `${paint(verdict)}: ${sentences.filter(Boolean).join(' ')}`,
  };
}

/** Tells changes of the contract. With --fix, writes them. Returns the lines written, and the changes that are left. */
async function offer(flags: Flags, changes: readonly Change[], mayFix: boolean, say: Say) {
  const nothing: { diff: string[]; left: readonly Change[] } = { diff: [], left: changes };
  if (changes.length === 0) return nothing;
  const file = relative('', contractFile(flags));
  if (!flags.fix) {
    say(`\nIn ${file}, these lines would describe what the service did:`);
    for (const change of changes) say(`  ${changeText(change)}`);
    say(`To write them: ${program()} doctor --fix. If the service should do something else, change the service.`);
    return nothing;
  }
  if (!mayFix) return nothing;
  const { diff, left } = await fixContract(file, changes);
  if (diff.length > 0) {
    say(`\nWritten to ${file}, as the service does it. If it should do something else, undo this and change it:`);
    for (const line of diff) say(`  ${line}`);
  }
  if (left.length > 0) say(`\nNot written to ${file}:`);
  for (const { change, why } of left) say(`  ${changeText(change)} (${why})`);
  return { diff, left: left.map(({ change }) => change) };
}

const ADVICE = {
  PASS: 'the contract describes the service, which can be tested',
  FAIL: 'the service does not match the contract; change what the failed checks above name',
  INCONCLUSIVE: 'it is not known whether the service matches the contract',
};

/** A finding that the contract does not describe what the service did. */
const isUndescribed = ({ changes }: Finding): boolean => changes !== undefined;

interface Trial {
  name: string;
  scenarios: string[];
  say: Say;
  /** Whether a finding counts. Others are left out, also of the verdict. By default, all count. */
  counts?: (finding: Finding) => boolean;
}

/** Runs scenarios and tells their findings. */
async function tryScenarios(flags: LabFlags, { name, scenarios, say, counts = () => true }: Trial) {
  const told: string[] = [];
  const note = (text: string) => {
    told.push(text);
    say(`note: ${text}`);
  };
  const result = await run({
    ...runOptions(flags, scenarios),
    name,
    reporter: {
      ...SILENT,
      note: printError,
      scenarioEnds({ findings, notes = [] }) {
        const counted = findings.filter(counts);
        if (counted.length > 0) say(findingsTable(counted));
        notes.forEach(note);
        const others = otherFailures(findings.filter((finding) => !counts(finding)));
        if (others !== undefined) note(others);
      },
    },
    signal: interruption(printError),
  });
  const findings = result.scenarios.flatMap((one) =>
    one.findings.filter(counts).map((finding) => ({ scenario: one.scenario, ...finding })),
  );
  const isWhole = result.stopped === undefined && result.scenarios.every(({ notRun }) => notRun === undefined);
  if (!isWhole) return { result, findings, notes: told };
  const verdict = worst(findings.length === 0 ? ['PASS'] : findings.map((one) => one.verdict));
  return { result: { ...result, verdict }, findings, notes: told };
}

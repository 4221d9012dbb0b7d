import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { print, printError } from '../base/print.ts';
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
import { printLogs } from './doctor-logs.ts';
import { otherFailures } from './doctor-other-failures.ts';
import { exitCodeOf, sayWhyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { contractFile, type LabFlags, labOptions, runOptions } from './lab-options.ts';

const SMOKE = 'stress/smoke';
/** The scenario in which upstreams fail in several ways, whatever the contract promises. */
const WATCHED = 'chaos/retry-amplification';

interface Flags extends LabFlags {
  fix?: boolean;
}

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
    .action(async (flags: Flags) => {
      for (let round = 1; ; round += 1) {
        const { changes, conclude } = await examine(flags);
        const isFixed = changes.length > 0 && (await offer(flags, changes, round < MOST_ROUNDS));
        if (!isFixed) return conclude();
        print(`\n${relative('', contractFile(flags))} is checked again.\n`);
      }
    });

/** What an examination found. */
interface Examined {
  changes: Change[];
  /** Prints the verdict and sets the exit code. */
  conclude: () => void;
}

async function examine(flags: Flags): Promise<Examined> {
  const { judged, unmet, notJudged, outages, possible } = await describeContract(flags);
  const results = [await tryScenarios(flags, 'doctor', [SMOKE])];
  if (results[0]?.verdict === 'PASS' && outages.length > 0) {
    print(`\nOpening each breaker: ${outages.join(', ')}`);
    results.push(await tryScenarios(flags, 'doctor-breakers', outages));
  }
  if (results[0]?.verdict === 'PASS' && possible.includes(WATCHED)) {
    print(`\nWatching calls whose upstreams fail: ${WATCHED}`);
    // Its other checks judge the service, and not how the contract describes it.
    results.push(await tryScenarios(flags, 'doctor-failures', [WATCHED], isUndescribed));
  }
  const verdicts = results.map(({ verdict }) => verdict);
  const verdict = worst([...verdicts, ...(unmet === '' ? [] : ['INCONCLUSIVE' as const])]);
  const changes = changesIn(results);
  for (const result of results.filter((one) => one.verdict !== 'PASS')) {
    changes.push(...(await printLogs(flags.results, result)));
  }
  return {
    changes,
    conclude() {
      sayWhyNothingRan(results);
      const sentences = [`${ADVICE[worst(verdicts)]}.`, judged, unmet, notJudged];
      print(`\n${paint(verdict)}: ${sentences.filter(Boolean).join(' ')}`);
      process.exitCode = exitCodeOf(verdict, results);
    },
  };
}

/** Prints changes of the contract. With --fix, writes them, and returns whether there is something new to check. */
async function offer(flags: Flags, changes: readonly Change[], mayFix: boolean): Promise<boolean> {
  const file = relative('', contractFile(flags));
  if (!flags.fix) {
    print(`\nIn ${file}, these lines would describe what the service did:`);
    for (const change of changes) print(`  ${changeText(change)}`);
    print(`To write them: ${program()} doctor --fix. If the service should do something else, change the service.`);
    return false;
  }
  if (!mayFix) return false;
  const { diff, left } = await fixContract(file, changes);
  if (diff.length > 0) {
    print(`\nWritten to ${file}, as the service does it. If it should do something else, undo this and change it:`);
    for (const line of diff) print(`  ${line}`);
  }
  if (left.length > 0) print(`\nNot written to ${file}:`);
  for (const { change, why } of left) print(`  ${changeText(change)} (${why})`);
  return diff.length > 0;
}

const ADVICE = {
  PASS: 'the contract describes the service, which can be tested',
  FAIL: 'the service does not match the contract; change what the failed checks above name',
  INCONCLUSIVE: 'it is not known whether the service matches the contract',
};

/** A finding that the contract does not describe what the service did. */
const isUndescribed = ({ changes }: Finding): boolean => changes !== undefined;

/** Runs scenarios and prints their findings. Findings that don't count are left out, also of the verdict. */
async function tryScenarios(
  flags: LabFlags,
  name: string,
  scenarios: string[],
  counts: (finding: Finding) => boolean = () => true,
): Promise<RunResult> {
  const result = await run({
    ...runOptions(flags, scenarios),
    name,
    reporter: {
      ...SILENT,
      note: printError,
      scenarioEnds({ findings, notes = [] }) {
        const counted = findings.filter(counts);
        if (counted.length > 0) print(findingsTable(counted));
        for (const note of notes) print(`note: ${note}`);
        const others = otherFailures(findings.filter((finding) => !counts(finding)));
        if (others !== undefined) print(others);
      },
    },
    signal: interruption(printError),
  });
  const isWhole = result.stopped === undefined && result.scenarios.every(({ notRun }) => notRun === undefined);
  if (!isWhole) return result;
  const counted = result.scenarios.flatMap(({ findings }) => findings.filter(counts));
  return { ...result, verdict: worst(counted.length === 0 ? ['PASS'] : counted.map(({ verdict }) => verdict)) };
}

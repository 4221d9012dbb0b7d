import { relative } from 'node:path';
import { z } from 'zod';
import { ProofloadError } from '../base/errors.ts';
import { count } from '../base/in-words.ts';
import { COMPARISON } from '../gate/comparison.ts';
import { type PastRun, readRun } from '../report/run-folder.ts';
import { summarize } from '../report/text/summary.ts';
import { causesOf } from '../verdict/causes.ts';
import { verdictSchema } from '../verdict/finding.ts';
import { provedIn } from '../verdict/proved.ts';
import { callText, common, type Data } from './answer.ts';

/** Fields of the result of a command that may still be running. */
export const jobFields = {
  state: z
    .enum(['running', 'done', 'cancelled'])
    .describe('running: call status with the handle. Only done has a verdict of all that was asked for.'),
  handle: z.string(),
  seconds: z.number(),
  progress: z.string().optional().describe('What a running command does now.'),
  ...common,
};

const reasons = z.array(z.object({ because: z.string(), scenarios: z.array(z.string()) }));

export const notJudged = reasons.describe('Scenarios that say nothing about the service.');

/** Fields of the result of a run. */
const runFields = {
  verdict: verdictSchema,
  summary: z.string(),
  run: z.string().describe('The name of the run for why, again and compare.'),
  report: z.string().describe('The HTML report, relative to the working directory.'),
  notPassed: z.array(z.object({ scenario: z.string(), verdict: verdictSchema, seconds: z.number() })),
  passed: z.array(z.string()),
  causes: z
    .array(
      z.object({
        check: z.string(),
        verdict: verdictSchema,
        scenarios: z.array(z.string()),
        expected: z.string(),
        observed: z.string(),
        usually: z.string().optional().describe('The likely cause.'),
        explains: z.int().describe('Number of other checks that did not pass because of it.'),
      }),
    )
    .describe('Why checks did not pass, the most important first.'),
  notJudged,
};

export const runOutput = z.object({ ...jobFields, ...z.object(runFields).partial().shape });

/** The name by which `readRun` finds a run. */
export const nameOf = ({ folder }: PastRun): string => folder.split('/').slice(-2).join('/');

/**
 * Reads the run that a command has written.
 *
 * @throws ProofloadError RUN_NOT_FOUND if there is only an older one
 */
export async function runSince(results: string, began: Date): Promise<PastRun> {
  const past = await readRun(results, 'latest');
  if (new Date(past.result.started) >= began) return past;
  throw new ProofloadError('RUN_NOT_FOUND', `the command has written no run to ${results}`);
}

/** Describes a run in short. */
export function describeRun(past: PastRun): Data {
  const { result, folder } = past;
  const causes = causesOf(result.scenarios);
  const passed = result.scenarios.filter(({ verdict }) => verdict === 'PASS');
  const others = result.scenarios.filter(({ verdict }) => verdict !== 'PASS');
  return {
    verdict: result.verdict,
    summary: summarize(result),
    run: nameOf(past),
    report: relative('', `${folder}/report.html`),
    causes: causes.map(({ title, verdict, findings, followers }) => {
      const { expected = '', observed = '', usually } = findings[0]?.finding ?? {};
      return {
        check: title,
        verdict,
        scenarios: [...new Set(findings.map(({ scenario }) => scenario.scenario))],
        expected,
        observed,
        ...(usually !== undefined && { usually }),
        explains: findings.length - 1 + followers.length,
      };
    }),
    notPassed: others.map(({ scenario, verdict, seconds }) => ({ scenario, verdict, seconds: round(seconds) })),
    passed: passed.map(({ scenario }) => scenario),
    notJudged: reasonsOf(past),
    next: nextAfter(past),
  };
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;

/** Returns the scenarios that were not judged, by reason. */
const reasonsOf = ({ result }: PastRun) =>
  result.coverage.notJudged.map(({ because, scenarios }) => ({
    because,
    scenarios: scenarios.map(({ name }) => name),
  }));

/** Returns the call that shows whether a fix of a scenario's problem works. */
export const afterFix = (run: string, scenario: string): string =>
  `after a fix: ${scenario === COMPARISON ? GATE_AGAIN : callText('again', { run, scenario })}`;

/** The call that repeats a comparison. `again` can't, because a comparison is not a scenario. */
export const GATE_AGAIN = 'gate, with the same arguments';

function nextAfter(past: PastRun): string[] {
  const { scenarios, verdict } = past.result;
  const [cause] = causesOf(scenarios);
  const [first] = cause?.findings ?? [];
  const run = nameOf(past);
  if (first) {
    return [callText('why', { run, check: first.finding.check }), afterFix(run, first.scenario.scenario)];
  }
  if (verdict !== 'PASS') return [callText('list'), callText('doctor')];
  const [most] = reasonsOf(past);
  return [
    ...(most
      ? [
          `to judge more, change the contract: ${count(most.scenarios.length, 'scenario is', 'scenarios are')} left out because ${most.because}`,
        ]
      : []),
    `to see whether these checks notice a defect of this service: ${callText('prove')}`,
  ];
}

const pair = z.object({ check: z.string(), mutant: z.string(), scenario: z.string(), why: z.string() });

/** Fields of the result of a proof. */
const proofFields = {
  verdict: verdictSchema.describe('Of the service without mutants.'),
  summary: z.string(),
  run: z.string(),
  missed: z.array(pair).describe('Mutants that acted without being noticed.'),
  undecided: z.array(pair),
  broken: z.array(pair),
  unprovable: z.array(z.object({ because: z.string(), checks: z.array(z.string()) })),
};

export const proofOutput = z.object({ ...jobFields, ...z.object(proofFields).partial().shape });

/** Describes in short what `proofload prove` found out. */
export function describeProof(past: PastRun): Data {
  const { verdict, proved } = past.result;
  if (proved === undefined) return describeUnproved(past);
  const pairs = (wanted: string) =>
    proved.pairs
      .filter(({ outcome }) => outcome === wanted)
      .map(({ checker, mutant, scenario = '', why = '' }) => ({ check: checker, mutant, scenario, why }));
  const unprovable = [...Map.groupBy(proved.unprovable, ({ why }) => why)];
  return {
    verdict,
    summary: provedIn(proved),
    run: nameOf(past),
    missed: pairs('missed'),
    undecided: pairs('undecided'),
    broken: pairs('broken'),
    unprovable: unprovable.map(([because, of]) => ({ because, checks: of.map(({ checker }) => checker) })),
    next: verdict === 'PASS' ? [] : [callText('why', { run: nameOf(past) })],
  };
}

const describeUnproved = (past: PastRun): Data => ({
  verdict: past.result.verdict,
  summary: 'nothing was proved',
  run: nameOf(past),
  next: [callText('why', { run: nameOf(past) })],
});

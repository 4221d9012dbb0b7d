import { join, relative } from 'node:path';
import { z } from 'zod';
import { ProofloadError } from '../base/errors.ts';
import { changeText } from '../fix/yaml-text.ts';
import type { PastRun } from '../report/run-folder.ts';
import { summarize } from '../report/text/summary.ts';
import { problemsOf } from '../verdict/causes.ts';
import { type Finding, findingSchema, verdictSchema } from '../verdict/finding.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import { callText, common, cut, type Data, sizeOf } from './answer.ts';
import { afterFix, nameOf } from './run-data.ts';
import { unknownName } from './tool.ts';

const explained = z.object({
  scenario: z.string(),
  check: z.string(),
  verdict: verdictSchema,
  expected: z.string(),
  observed: z.string(),
  usually: z.string().optional().describe('The likely cause, unless an earlier check has the same.'),
  page: z.string().optional().describe('The resource that describes the check and how to fix a service that fails it.'),
  follows: z.string().optional().describe('The check that explains this one.'),
  mayFollow: z.string().optional().describe('The failure in another scenario that may have caused this one.'),
  evidence: z.array(z.string()).optional(),
  changes: z.array(z.string()).optional().describe('Lines with which the contract would match the service.'),
  table: findingSchema.shape.table,
  texts: findingSchema.shape.texts,
  logs: z.string().optional().describe('The folder of the history and the logs.'),
});

type Explained = z.output<typeof explained>;

export const whyOutput = z.object({
  run: z.string(),
  verdict: verdictSchema,
  summary: z.string(),
  checks: z.array(explained).describe('The most important cause first.'),
  left: z.int().describe('Number of checks after these: call again with offset.'),
  ...common,
});

/** Which checks to explain. */
export interface Selection {
  readonly scenario?: string | undefined;
  /** The name of a check, or a part of it. */
  readonly check?: string | undefined;
  /** How many checks to leave out. */
  readonly offset: number;
}

/** Lines of evidence, if several checks are explained. */
const EVIDENCE = 2;

/**
 * Explains the checks of a run that did not pass, as many as fit into this many bytes. If only one is selected, it has
 * all of its evidence.
 *
 * @throws ProofloadError USAGE if the run has no such scenario, check or offset
 */
export function explain(past: PastRun, { scenario, check, offset }: Selection, limit: number): Data {
  const all = selected(past, { scenario, check });
  if (offset > 0 && offset >= all.length)
    throw new ProofloadError(
      'USAGE',
      `there is no check at offset ${offset}; allowed: 0 to ${Math.max(0, all.length - 1)}`,
    );
  const isSingle = all.length === 1;
  const build = (length: number): Data => {
    const seen = new Set(['']);
    const page = all.slice(offset, offset + length);
    const left = all.length - offset - page.length;
    return {
      run: nameOf(past),
      verdict: past.result.verdict,
      summary: cut(summarize(past.result), 300),
      checks: page.map((problem) => (isSingle ? wholly(past, problem) : shortly(past, problem, seen))),
      left,
      next: nextOf(past, page, { scenario, check, offset, left, isSingle }),
    };
  };
  let length = all.length - offset;
  while (length > 1 && sizeOf(build(length)) > limit) length -= 1;
  return build(length);
}

interface Problem {
  readonly scenario: ScenarioResult;
  readonly finding: Finding;
  readonly mayFollow?: string;
}

/** @throws ProofloadError USAGE if the run has no such scenario or check */
function selected({ result }: PastRun, { scenario, check }: Omit<Selection, 'offset'>): Problem[] {
  const scenarios = result.scenarios.map((judged) => judged.scenario);
  if (scenario !== undefined && !scenarios.includes(scenario)) {
    const skipped = result.skipped.find(({ name }) => name === scenario);
    if (skipped) throw new ProofloadError('USAGE', `${scenario} was skipped: ${skipped.skipped}`);
    throw unknownName('the run has no scenario', scenario, scenarios);
  }
  const isIn = (problem: Problem) => scenario === undefined || problem.scenario.scenario === scenario;
  const problems: Problem[] = problemsOf(result.scenarios).filter(isIn);
  if (check === undefined) return problems;
  const passed = result.scenarios.flatMap((judged) =>
    judged.findings.filter(({ verdict }) => verdict === 'PASS').map((finding) => ({ scenario: judged, finding })),
  );
  const candidates: Problem[] = [...problems, ...passed.filter(isIn)];
  const exact = candidates.filter(({ finding }) => finding.check === check);
  if (exact.length > 0) return exact;
  const isMeant = ({ finding }: Problem) => finding.check.includes(check) || finding.checker === check;
  const meant = problems.filter(isMeant);
  if (meant.length > 0) return meant;
  const held = candidates.filter(isMeant);
  if (held.length > 0) return held;
  throw unknownName('the run has no check', check, [...new Set(candidates.map(({ finding }) => finding.check))]);
}

/** Describes a check with all of its evidence. */
function wholly({ folder }: PastRun, { scenario, finding, mayFollow }: Problem): Explained {
  const { check, verdict, expected, observed, usually, checker, follows, evidence, table, texts, changes } = finding;
  return {
    scenario: scenario.scenario,
    check,
    verdict,
    expected,
    observed,
    ...(usually !== undefined && { usually }),
    ...(checker !== undefined && { page: `proofload://docs/checks/${checker}.md` }),
    ...(follows !== undefined && { follows }),
    ...(mayFollow !== undefined && { mayFollow }),
    ...(evidence && evidence.length > 0 && { evidence }),
    ...(changes && { changes: changes.map(changeText) }),
    ...(texts && { texts }),
    ...(table && { table }),
    logs: relative('', join(folder, scenario.folder)),
  };
}

/** Describes one of several checks. `seen` has the texts of those before it, which are not repeated. */
function shortly(past: PastRun, problem: Problem, seen: Set<string>): Explained {
  const { usually = '', page = '', evidence, changes, table, texts, logs, ...rest } = wholly(past, problem);
  const described: Explained = {
    ...rest,
    expected: cut(rest.expected, 300),
    observed: cut(rest.observed, 300),
    ...(!seen.has(usually) && { usually: cut(usually, 400) }),
    ...(!seen.has(page) && { page }),
    ...(evidence && { evidence: evidence.slice(0, EVIDENCE).map((line) => cut(line, 200)) }),
  };
  for (const text of [usually, page]) seen.add(text);
  return described;
}

interface Rest extends Selection {
  readonly left: number;
  readonly isSingle: boolean;
}

function nextOf(past: PastRun, page: readonly Problem[], { scenario, check, offset, left, isSingle }: Rest): string[] {
  const [first] = page;
  const run = nameOf(past);
  if (first === undefined) return [];
  const request = { run, ...(scenario !== undefined && { scenario }), ...(check !== undefined && { check }) };
  return [
    ...(isSingle ? [] : [`all about one check: ${callText('why', { run, check: first.finding.check })}`]),
    ...(left > 0 ? [`the next checks: ${callText('why', { ...request, offset: offset + page.length })}`] : []),
    ...(first.finding.verdict === 'PASS' ? [] : [afterFix(run, first.scenario.scenario)]),
  ];
}

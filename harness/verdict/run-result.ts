import { z } from 'zod';
import { noiseFloor } from '../machine/noise-floor.ts';

/** Raised when a field of verdict.json changes its meaning or goes away; new fields do not raise it. */
export const VERDICT_VERSION = 2;

const verdict = z
  .enum(['PASS', 'FAIL', 'INCONCLUSIVE'])
  .describe('PASS: held, and saw enough to be able to fail. FAIL: seen not to hold. INCONCLUSIVE: not proved.');

const table = z.object({
  columns: z.array(z.string()).describe('The first names each row, or is what a curve is drawn over.'),
  rows: z.array(z.array(z.union([z.string(), z.number()]))),
  curve: z.array(z.string()).exactOptional().describe('Columns, all in one unit, that are drawn over the first.'),
});

const finding = z.object({
  check: z.string().describe('What is judged.'),
  expected: z.string(),
  observed: z.string(),
  verdict,
  evidence: z.array(z.string()).exactOptional().describe('What shows it, a line each.'),
  table: table.exactOptional().describe('What was measured, side by side.'),
  voids: z.enum(['everything', 'times']).exactOptional().describe('What of the record no check can rest on.'),
  secondsToRecover: z
    .number()
    .nonnegative()
    .exactOptional()
    .describe('From the end of a fault until the service worked again.'),
  checker: z.string().exactOptional().describe('The checker that found it.'),
  follows: z.string().exactOptional().describe('The failed check that explains this failed or inconclusive one.'),
  usually: z.string().exactOptional().describe('The likely causes, unless it passed.'),
});

const scenario = z.object({
  scenario: z.string().describe('Suite and name, such as chaos/llm-outage.'),
  about: z.string().describe('What is done, and what must hold, in a sentence.'),
  judges: z.string().describe('What it judges, in a few words.'),
  verdict: verdict.describe('The worst of its findings.'),
  findings: z.array(finding),
  seconds: z.number().nonnegative(),
  seed: z.int().nonnegative().describe('What its client addresses were taken from.'),
  again: z.string().describe('The command that runs this scenario again, with the same seed and settings.'),
  folder: z.string().describe('Where its history and logs are, from the folder of verdict.json.'),
  notRun: z.string().exactOptional().describe('Why the lab could not set it up. It has one finding, which says so.'),
  ceiling: z
    .int()
    .positive()
    .exactOptional()
    .describe("Connections that the pools of the service's processes may have together."),
});

const names = z.array(z.string());

const coverage = z.object({
  asked: z.int().nonnegative().describe('Scenarios that were asked for.'),
  judged: z.int().nonnegative().describe('Scenarios of which at least one check said PASS or FAIL.'),
  checks: z.int().nonnegative().describe('Findings of all scenarios.'),
  notJudged: z
    .array(
      z.object({
        because: z.string().describe('Why none of them was judged.'),
        scenarios: z.array(
          z.object({ name: z.string(), judges: z.string().describe('What is not judged without it, in a few words.') }),
        ),
      }),
    )
    .describe('What the verdict says nothing of, by reason: the longest list first.'),
});

const run = z.object({
  version: z.literal(VERDICT_VERSION).describe('Of this format.'),
  name: z.string().describe('What was asked for, such as chaos.'),
  started: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  verdict: verdict.describe(
    'The worst of its scenarios. No PASS if the run was stopped, or a required scenario was not judged.',
  ),
  profile: z.string(),
  seed: z.int().nonnegative(),
  service: z.string().describe("The service's name, as its contract has it."),
  engine: z.object({ name: z.string(), version: z.string() }).describe('What ran the k6 scripts.'),
  postgres: z.string().describe('The database, in words.'),
  environment: z.object({
    proofload: z.string().describe('Version of proofload.'),
    node: z.string(),
    os: z.string(),
    cpus: z.int().nonnegative(),
    memoryBytes: z.number().nonnegative(),
    noise: noiseFloor.exactOptional().describe('How exact times were on the machine, before the first scenario.'),
    commit: z
      .object({ id: z.string(), changed: z.boolean().describe('Whether there were changes that it does not hold.') })
      .nullable()
      .describe('The git commit of the folder that the run was started in; null where there is none.'),
  }),
  scenarios: z.array(scenario),
  skipped: z
    .array(
      z.object({
        name: z.string(),
        judges: z.string().describe('What is not judged without it, in a few words.'),
        skipped: z.string().describe('Why.'),
      }),
    )
    .describe('Scenarios that the contract promises nothing for.'),
  requires: names.describe('Scenarios that have to be judged: without one of them there is no PASS.'),
  coverage: coverage.describe('How much of what was asked for was judged.'),
  stopped: z.string().exactOptional().describe('Why the run ended before all of its scenarios were done.'),
});

/** verdict.json. Readers let fields pass that a later version of the harness adds. */
export const runResultSchema = run;

/** What a whole run came to, as verdict.json holds it. */
export type RunResult = z.output<typeof run>;
export type ScenarioResult = RunResult['scenarios'][number];

/** verdict.json as JSON Schema (draft 2020-12), for those who read it with something else. */
export const verdictJsonSchema = (): object => ({
  title: 'verdict.json of proofload',
  ...z.toJSONSchema(run, { io: 'input' }),
});

import { z } from 'zod';
import { noiseFloor } from '../machine/noise-floor.ts';
import { findingSchema, verdictSchema } from './finding.ts';
import { promiseProof, provedSchema } from './proved.ts';

/**
 * The version of verdict.json. Increment it if a field is removed or changes its meaning. Adding a field does not
 * require it.
 */
export const VERDICT_VERSION = 2;

const scenario = z.object({
  scenario: z.string().describe('Suite and name, such as chaos/llm-outage.'),
  script: z.string().exactOptional().describe('The name of its script, such as chaos/outage.'),
  about: z.string().describe('One sentence: what the scenario does, and what must hold.'),
  judges: z.string().describe('The subject of its checks, in a few words.'),
  verdict: verdictSchema.describe('The worst of its findings.'),
  findings: z.array(findingSchema),
  notApplicable: z
    .array(z.object({ checker: z.string(), reason: z.string() }))
    .exactOptional()
    .describe('The checkers of this scenario that have nothing to judge in this contract, as decided before it ran.'),
  notes: z
    .array(z.string())
    .exactOptional()
    .describe('Requests that reached an upstream but that nothing there could answer, and what a comparison measured.'),
  measuredAgain: z
    .string()
    .exactOptional()
    .describe('Why this is its second run: the check that was INCONCLUSIVE in the first one, which is kept in first/.'),
  seconds: z.number().nonnegative(),
  seed: z.int().nonnegative().describe('The seed of its client addresses.'),
  again: z.string().describe('The command that runs this scenario again, with the same seed and settings.'),
  folder: z.string().describe('The folder of its history and logs, relative to verdict.json.'),
  notRun: z
    .string()
    .exactOptional()
    .describe('Why the lab could not set it up. It then has a single finding, with the same reason.'),
  ceiling: z
    .int()
    .positive()
    .exactOptional()
    .describe('Maximum number of database connections that all processes of the service may hold together.'),
});

const names = z.array(z.string());

const promise = z.object({
  promise: z
    .array(z.string())
    .readonly()
    .describe('The names from the root of the contract to the field. In profiles, "*" is the profile of the run.'),
  verdict: verdictSchema
    .exclude(['INCONCLUSIVE'])
    .exactOptional()
    .describe('FAIL if any check of it failed, PASS if at least one passed. Absent: it was not judged.'),
  because: z.string().exactOptional().describe('Why it was not judged.'),
  checks: z.int().nonnegative().describe('Number of checks of it that passed or failed.'),
  scenarios: names.describe('Where it was judged. If it was not: the scenarios that check it.'),
  proved: promiseProof.exactOptional(),
});

const coverage = z.object({
  asked: z.int().nonnegative().describe('Number of scenarios that were requested.'),
  judged: z.int().nonnegative().describe('Number of scenarios in which at least one check passed or failed.'),
  checks: z.int().nonnegative().describe('Number of findings of all scenarios.'),
  notJudged: z
    .array(
      z.object({
        because: z.string().describe('Why none of them was judged.'),
        unpromised: z.literal(true).exactOptional().describe('The contract makes no promise that they could judge.'),
        scenarios: z.array(
          z.object({
            name: z.string(),
            judges: z.string().describe('The subject that is not judged without it, in a few words.'),
          }),
        ),
      }),
    )
    .describe('Scenarios that were not judged, grouped by reason, largest group first.'),
  promises: z.array(promise).exactOptional().describe('All promises of the contract, with the numbers of the profile.'),
  likely: z
    .array(z.object({ promise: z.string(), because: z.string().describe('What makes it likely.') }))
    .exactOptional()
    .describe('Promises that the contract lacks and that the service most likely makes.'),
});

const run = z.object({
  version: z.literal(VERDICT_VERSION).describe('Version of this format.'),
  name: z.string().describe('The requested scenarios, such as chaos.'),
  started: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  verdict: verdictSchema.describe(
    'The worst verdict of its scenarios; at best INCONCLUSIVE if the run was stopped or a required scenario was not judged.',
  ),
  profile: z.string(),
  seed: z.int().nonnegative(),
  service: z.string().describe('The name of the service, from its contract.'),
  engine: z.object({ name: z.string(), version: z.string() }).describe('The engine that ran the k6 scripts.'),
  postgres: z.string().describe('A description of the database.'),
  environment: z.object({
    proofload: z.string().describe('Version of proofload.'),
    node: z.string(),
    os: z.string(),
    cpus: z.int().nonnegative(),
    memoryBytes: z.number().nonnegative(),
    noise: noiseFloor.exactOptional().describe('The timing noise of the machine, measured before the first scenario.'),
    commit: z
      .object({ id: z.string(), changed: z.boolean().describe('Whether there were uncommitted changes.') })
      .nullable()
      .describe('The git commit of the working directory; null if it is not in a git repository.'),
  }),
  scenarios: z.array(scenario),
  skipped: z
    .array(
      z.object({
        name: z.string(),
        judges: z.string().describe('The subject that is not judged without it, in a few words.'),
        skipped: z.string().describe('The reason.'),
        unpromised: z.literal(true).exactOptional().describe('The contract makes no promise that it could judge.'),
      }),
    )
    .describe('Scenarios that were skipped because the contract promises too little.'),
  requires: names.describe('Scenarios that must be judged: if one is not, the run cannot pass.'),
  coverage: coverage.describe('How much of the requested scenarios was judged.'),
  stopped: z.string().exactOptional().describe('Why the run was stopped early, if it was.'),
  proved: provedSchema.exactOptional().describe('Which checks notice a defect of this service (`proofload prove`).'),
});

/**
 * The schema of verdict.json. Unknown fields are ignored, so that older versions can read files written by newer ones.
 */
export const runResultSchema = run;

/** A run's result, as stored in verdict.json. */
export type RunResult = z.output<typeof run>;
export type ScenarioResult = RunResult['scenarios'][number];

/** Returns the JSON Schema (draft 2020-12) of verdict.json. It is published as schemas/verdict.schema.json. */
export const verdictJsonSchema = (): object => ({
  title: 'verdict.json of proofload',
  ...z.toJSONSchema(run, { io: 'input' }),
});

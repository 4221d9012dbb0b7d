import { z } from 'zod';
import { ProofloadError } from '../base/errors.ts';
import { SETTINGS } from '../base/settings.ts';
import { COMPARISON } from '../gate/comparison.ts';
import { describeDiagnosis, doctorOutput } from './doctor-data.ts';
import { initInput, initOutput, initTask } from './init-data.ts';
import type { Jobs, Task } from './jobs.ts';
import { plain, readOwnRun, requireOwnCommit } from './own.ts';
import { compare, list, why } from './past-tools.ts';
import { describeProof, describeRun, GATE_AGAIN, jobFields, proofOutput, runOutput, runSince } from './run-data.ts';
import { contract, full, option, past, profile, type Tool, tool, unknownName } from './tool.ts';

/** How long a call waits for a command, in seconds. The official client's default timeout is 60 s. */
const WAIT = { usual: 45, most: 50 };

const waitSeconds = z
  .number()
  .min(0)
  .max(WAIT.most)
  .default(WAIT.usual)
  .describe('How long to wait for the end. After that, the result has a handle, and the command continues.');

const scenarios = (about: string) => z.array(plain).describe(about);

/** What is served to a client. */
export interface Served {
  /** The folder of past runs. */
  readonly results: string;
  readonly jobs: Jobs;
}

/** The tools of the MCP server, in the order in which they are usually called. */
export const toolsFor = ({ results, jobs }: Served): Tool[] => [
  tool({
    name: 'init',
    description:
      'Write proofload.yaml, a contract of what the service promises, from its files and from what it answers in a lab.',
    input: z.strictObject({ ...initInput, waitSeconds }),
    output: initOutput,
    isReadOnly: false,
    call: ({ waitSeconds: wait, ...given }, call) => jobs.start(initTask(given, results), wait, call),
  }),
  tool({
    name: 'doctor',
    description:
      'Check a contract: start the service, call each endpoint, and return the lines to change if they do not match.',
    input: z.strictObject({
      contract,
      profile,
      fix: z.boolean().default(false).describe('Write these lines to the contract, so that it matches the service.'),
      thorough: z.boolean().default(false).describe('Also look at what takes minutes.'),
      waitSeconds,
    }),
    output: doctorOutput,
    isReadOnly: false,
    call: ({ waitSeconds: wait, fix, thorough, ...given }, call) => {
      const flags = [...(fix ? ['--fix'] : []), ...(thorough ? ['--thorough'] : []), '--json'];
      const args = [...optionsOf({ ...given, results }), ...flags];
      const repeated = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      const describe: Task['describe'] = async ({ stdout }) => describeDiagnosis(stdout, repeated);
      return jobs.start({ tool: 'doctor', args: ['doctor', ...args], describe }, wait, call);
    },
  }),
  list,
  tool({
    name: 'run',
    description:
      'Run scenarios against the service, and judge them: PASS, FAIL or INCONCLUSIVE. Takes seconds to minutes.',
    input: z.strictObject({
      scenarios: scenarios('Suites, names or patterns, such as ["stress", "chaos"] or ["chaos/*outage"].').min(1),
      contract,
      profile,
      seed: z.int().min(0).optional().describe('The seed for all random choices.'),
      waitSeconds,
    }),
    output: runOutput,
    isReadOnly: false,
    call: ({ scenarios: names, waitSeconds: wait, ...given }, call) =>
      jobs.start(runTask(results, 'run', optionsOf(given), names), wait, call),
  }),
  tool({
    name: 'status',
    description: 'Wait for a command that runs, and return its result, or what it does now.',
    input: z.strictObject({
      handle: plain.optional().describe('Defaults to the latest one.'),
      waitSeconds,
      full,
    }),
    output: z.looseObject(jobFields),
    isReadOnly: true,
    call: ({ handle, waitSeconds: wait }, call) => jobs.status(handle, wait, call),
  }),
  tool({
    name: 'cancel',
    description: 'End a command that runs, with all of its processes, and return what it has found so far.',
    input: z.strictObject({ handle: plain.optional().describe('Defaults to the latest one.') }),
    output: z.looseObject(jobFields),
    isReadOnly: false,
    call: ({ handle }) => jobs.cancel(handle),
  }),
  why({ results, requireIdle: () => jobs.requireIdle() }),
  tool({
    name: 'again',
    description: 'Run a scenario of a past run again, with the same seed and profile, for example after a fix.',
    input: z.strictObject({ scenario: plain, run: past('The run').default('latest'), contract, waitSeconds }),
    output: runOutput,
    isReadOnly: false,
    async call({ scenario, run, waitSeconds: wait, ...given }, call) {
      const { result } = await readOwnRun(results, run);
      const found = result.scenarios.find((candidate) => candidate.scenario === scenario);
      const names = result.scenarios.map((judged) => judged.scenario);
      if (found === undefined) throw unknownName('the run has no scenario', scenario, names);
      if (scenario === COMPARISON) throw new ProofloadError('USAGE', `to compare again, call ${GATE_AGAIN}`);
      const options = optionsOf({ ...given, profile: result.profile, seed: found.seed });
      return jobs.start(runTask(results, 'again', options, [scenario]), wait, call);
    },
  }),
  compare({ results, requireIdle: () => jobs.requireIdle() }),
  tool({
    name: 'prove',
    description:
      'Show which checks would notice a defect of this service, by simulating defects on the wire. Takes minutes.',
    input: z.strictObject({
      scenarios: scenarios('Suites, names or patterns. Defaults to stress and chaos.').optional(),
      contract,
      profile,
      waitSeconds,
    }),
    output: proofOutput,
    isReadOnly: false,
    call: ({ scenarios: names = [], waitSeconds: wait, ...given }, call) =>
      jobs.start(
        {
          tool: 'prove',
          args: ['prove', ...optionsOf({ ...given, results }), '--', ...names],
          isProgressPrinted: true,
          describe: async (_, began) => describeProof(await runSince(results, began)),
        },
        wait,
        call,
      ),
  }),
  tool({
    name: 'gate',
    description:
      "Run stress and chaos, and compare the service's speed with another build. Takes minutes. In a pull request, the default build is the commit at which it began.",
    input: z.strictObject({
      against: plain.optional().describe('The other build: a commit, branch or tag of this repository.'),
      release: plain
        .optional()
        .describe('A release to compare with as well, so that many small regressions are noticed.'),
      rounds: z
        .int()
        .min(1)
        .max(100)
        .optional()
        .describe(`Most rounds to measure. Defaults to ${SETTINGS.ROUNDS.usual}.`),
      require: scenarios('Scenarios or suites that must be judged.').optional(),
      contract,
      profile,
      waitSeconds,
    }),
    output: runOutput,
    isReadOnly: false,
    async call({ waitSeconds: wait, require = [], ...given }, call) {
      const { against, release } = given;
      for (const [name, build] of Object.entries({ against, release }))
        if (build !== undefined) await requireOwnCommit(`gate: ${name}`, build);
      const required = require.flatMap((name) => option('--require', name));
      return jobs.start(runTask(results, 'gate', [...required, ...optionsOf(given)]), wait, call);
    },
  }),
];

/** Returns the options of the command line for arguments of the same names. */
const optionsOf = (given: Readonly<Record<string, string | number | undefined>>): string[] =>
  Object.entries(given).flatMap(([name, value]) => option(`--${name}`, value));

/** With `--verbose`, standard error has each phase. */
const runTask = (
  results: string,
  name: string,
  options: readonly string[],
  scenarios: readonly string[] = [],
): Task => ({
  tool: name,
  args: [
    name === 'gate' ? 'gate' : 'run',
    ...options,
    ...optionsOf({ results, reporter: 'list' }),
    '--verbose',
    '--',
    ...scenarios,
  ],
  describe: async (_, began) => describeRun(await runSince(results, began)),
});

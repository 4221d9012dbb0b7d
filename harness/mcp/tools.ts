import { z } from 'zod';
import { EXIT, ProofloadError } from '../base/errors.ts';
import { CONTRACT_NAMES, SETTINGS } from '../base/settings.ts';
import { compareRuns } from '../report/compare.ts';
import { RUN_NAMES, readRun } from '../report/run-folder.ts';
import { showComparison } from '../report/show.ts';
import { explain } from './explain.ts';
import { type Call, type Outcome, runCli } from './run-cli.ts';

/** The answer of a tool: a text, and usually its main parts as data. */
export interface Answer {
  text: string;
  data?: Record<string, unknown>;
  /** Whether the tool could not do its work. A FAIL is no error. */
  isError?: boolean;
}

/** A tool of the MCP server. */
export interface Tool {
  name: string;
  description: string;
  input: z.ZodObject;
  /** Whether it changes no file and starts no process. */
  isReadOnly: boolean;
  call(input: Record<string, unknown>, call: Call): Promise<Answer>;
}

/** Defines a tool whose input has the type of its schema. */
const tool = <Input extends z.ZodObject>(
  defined: Omit<Tool, 'input' | 'call'> & { input: Input; call(input: z.output<Input>, call: Call): Promise<Answer> },
): Tool => ({ ...defined, call: (input, call) => defined.call(defined.input.parse(input), call) });

const contract = z
  .string()
  .optional()
  .describe(`The contract. Defaults to ${CONTRACT_NAMES.join(' or ')}.`);
const past = (of: string) => z.string().describe(`${of}: ${RUN_NAMES}.`);
const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);

/** Exit codes of commands that could not do their work. */
const FAILED: readonly number[] = [EXIT.labFailed, EXIT.usage];

const answerOf = ({ exitCode, output }: Outcome): Answer => ({ text: output, isError: FAILED.includes(exitCode) });

const init = tool({
  name: 'init',
  description: "Write proofload.yaml, a contract of what the service promises, from the files in the service's folder.",
  input: z.object({ force: z.boolean().default(false).describe('Replace an existing contract.') }),
  isReadOnly: false,
  call: async ({ force }, call) => answerOf(await runCli(['init', '--yes', ...(force ? ['--force'] : [])], call)),
});

const doctor = tool({
  name: 'doctor',
  description:
    'Check a contract: start the service, call each endpoint, and name the lines to change if they do not match.',
  input: z.object({
    contract,
    fix: z
      .boolean()
      .default(false)
      .describe('Write these lines to the contract, so that it matches the service as it is now.'),
  }),
  isReadOnly: false,
  call: async ({ contract: file, fix }, call) =>
    answerOf(await runCli(['doctor', ...option('--contract', file), ...(fix ? ['--fix'] : [])], call)),
});

const list = tool({
  name: 'list',
  description: 'List the scenarios: the subject and duration of each, and why the contract skips it, if so.',
  input: z.object({ contract, grep: z.string().optional().describe('Only scenarios that match this pattern.') }),
  isReadOnly: true,
  call: async ({ contract: file, grep }, call) =>
    answerOf(await runCli(['list', ...option('--contract', file), ...option('--grep', grep)], call)),
});

const runScenarios = (results: string) =>
  tool({
    name: 'run',
    description:
      'Run suites or scenarios against the service, and judge them: PASS, FAIL or INCONCLUSIVE. Takes seconds to minutes.',
    input: z.object({
      scenarios: z.array(z.string()).min(1).describe('Such as ["stress", "chaos"] or ["chaos/llm-outage"].'),
      contract,
      profile: z
        .string()
        .optional()
        .describe(`A profile of the contract's numbers. Defaults to ${SETTINGS.PROFILE.usual}.`),
    }),
    isReadOnly: false,
    call: ({ scenarios, contract: file, profile }, call) =>
      runAndRead(results, [...scenarios, ...option('--contract', file), ...option('--profile', profile)], call),
  });

const why = (results: string) =>
  tool({
    name: 'why',
    description: 'Explain the checks of a run that did not pass: expected, observed, evidence, usual causes, and logs.',
    input: z.object({
      run: past('The run').default('latest'),
      scenario: z.string().optional().describe('Only this scenario.'),
      check: z.string().optional().describe('Only checks whose name contains this text.'),
    }),
    isReadOnly: true,
    async call({ run, scenario, check }) {
      const pastRun = await readRun(results, run);
      const failed = explain(pastRun, { ...(scenario && { scenario }), ...(check && { check }) });
      const data = { verdict: pastRun.result.verdict, checks: failed, notJudged: pastRun.result.coverage.notJudged };
      return { text: JSON.stringify(data, undefined, 2), data };
    },
  });

const again = (results: string) =>
  tool({
    name: 'again',
    description: 'Run a scenario of a past run again, with the same seed and profile.',
    input: z.object({ scenario: z.string(), run: past('The run').default('latest'), contract }),
    isReadOnly: false,
    async call({ scenario, run, contract: file }, call) {
      const { result } = await readRun(results, run);
      const found = result.scenarios.find((candidate) => candidate.scenario === scenario);
      if (found === undefined) {
        const names = result.scenarios.map((judged) => judged.scenario).join(', ');
        throw new ProofloadError('USAGE', `the run has no scenario "${scenario}"; allowed: ${names}`);
      }
      const args = [scenario, '--profile', result.profile, ...option('--contract', file)];
      return runAndRead(results, args, { ...call, environment: { SEED: String(found.seed) } });
    },
  });

const compare = (results: string) =>
  tool({
    name: 'compare',
    description: 'Compare two past runs: the checks whose verdict changed, and differences in settings.',
    input: z.object({ before: past('The earlier run'), after: past('The later run').default('latest') }),
    isReadOnly: true,
    async call({ before, after }) {
      const [a, b] = [await readRun(results, before), await readRun(results, after)];
      return { text: showComparison(a, b), data: { changes: compareRuns(a.result, b.result) } };
    },
  });

/** The tools of the MCP server, in the order in which they are usually called. `results` is the folder of past runs. */
export const toolsFor = (results: string): Tool[] => [
  init,
  doctor,
  list,
  runScenarios(results),
  why(results),
  again(results),
  compare(results),
];

/** Runs scenarios, and returns their output with the verdict and its coverage as data. */
async function runAndRead(results: string, args: readonly string[], call: Call): Promise<Answer> {
  const outcome = await runCli(['run', ...args, '--results', results, '--reporter', 'list'], call);
  const answer = answerOf(outcome);
  if (answer.isError) return answer;
  const { result, folder } = await readRun(results);
  const scenarios = result.scenarios.map(({ scenario, verdict, seconds }) => ({ scenario, verdict, seconds }));
  return { ...answer, data: { verdict: result.verdict, folder, scenarios, coverage: result.coverage } };
}

import { z } from 'zod';
import { compareRuns } from '../report/compare.ts';
import type { PastRun } from '../report/run-folder.ts';
import { verdictSchema } from '../verdict/finding.ts';
import { common, LIMIT } from './answer.ts';
import { byReason } from './doctor-data.ts';
import { plain, readOwnRun } from './own.ts';
import { errorOf, runCli } from './run-cli.ts';
import { nameOf, notJudged } from './run-data.ts';
import { contract, full, option, past, profile, type Tool, tool } from './tool.ts';
import { explain, whyOutput } from './why-data.ts';

/** The parts of the output of `list --json` that are used here. */
const listed = z.array(
  z.object({
    scenario: z.string(),
    judges: z.string(),
    seconds: z.number().optional(),
    skipped: z.string().optional(),
  }),
);

export const list = tool({
  name: 'list',
  description: 'List the scenarios: what each judges, how long it takes, and why the contract skips it, if so.',
  input: z.strictObject({
    contract,
    profile,
    grep: plain.optional().describe('Only scenarios with this text, or that match /expression/.'),
    full,
  }),
  output: z.object({
    scenarios: z.array(listed.element.omit({ skipped: true })).describe('Those that can run.'),
    skipped: notJudged,
    ...common,
  }),
  isReadOnly: true,
  async call({ contract: file, profile: numbers, grep }, { signal }) {
    const args = ['list', '--json', ...option('--contract', file), ...option('--profile', numbers)];
    const outcome = await runCli([...args, ...option('--grep', grep)], { signal });
    if (outcome.exitCode !== 0) throw errorOf(outcome);
    const all = listed.parse(JSON.parse(outcome.stdout));
    return {
      scenarios: all.filter(({ skipped }) => skipped === undefined),
      skipped: byReason(all),
    };
  },
});

/** Where past runs are. */
interface Past {
  readonly results: string;
  /** Throws if a command is running: then the latest run has not ended. */
  readonly requireIdle: () => void;
}

function readPast(reference: string, { results, requireIdle }: Past): Promise<PastRun> {
  if (reference === 'latest') requireIdle();
  return readOwnRun(results, reference);
}

export const why = (from: Past): Tool =>
  tool({
    name: 'why',
    description:
      'Explain the checks of a run that did not pass: expected, observed, evidence and usual cause, the most important first. A single check has all of its evidence.',
    input: z.strictObject({
      run: past('The run').default('latest'),
      scenario: z.string().optional().describe('Only this scenario.'),
      check: z.string().optional().describe('Only this check, or checks whose names contain this text.'),
      offset: z.int().min(0).default(0).describe('How many checks to leave out.'),
      full,
    }),
    output: whyOutput,
    isReadOnly: true,
    call: async ({ run, full: isFull, ...selection }) =>
      explain(await readPast(run, from), selection, LIMIT[isFull ? 'full' : 'usual']),
  });

const side = z.object({ verdict: verdictSchema, observed: z.string() }).optional();

export const compare = (from: Past): Tool =>
  tool({
    name: 'compare',
    description: 'Compare two past runs: the checks whose verdict changed.',
    input: z.strictObject({ before: past('The earlier run'), after: past('The later run').default('latest'), full }),
    output: z.object({
      before: z.object({ run: z.string(), verdict: verdictSchema }),
      after: z.object({ run: z.string(), verdict: verdictSchema }),
      changes: z.array(z.object({ scenario: z.string(), check: z.string(), before: side, after: side })),
      ...common,
    }),
    isReadOnly: true,
    async call({ before, after }) {
      const [a, b] = [await readPast(before, from), await readPast(after, from)];
      return {
        before: { run: nameOf(a), verdict: a.result.verdict },
        after: { run: nameOf(b), verdict: b.result.verdict },
        changes: compareRuns(a.result, b.result),
      };
    },
  });

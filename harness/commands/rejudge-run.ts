import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { readText } from '../../faults/base/read-text.ts';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { keyOf, type PromisePath } from '../contract/promise-path.ts';
import { promiseAt, promisesOf } from '../contract/promises.ts';
import { comparisonFile, judgeComparison } from '../gate/comparison.ts';
import { historyOf, judgeRecorded, readCase } from '../judge/judge-folder.ts';
import { findRun } from '../report/run-folder.ts';
import { coverageOf, type Judged, verdictOf } from '../verdict/coverage.ts';
import type { Verdict } from '../verdict/finding.ts';
import { type CoveredPromise, coverPromises, type Promised } from '../verdict/promise-coverage.ts';
import { reportedOnce } from '../verdict/reported-once.ts';
import { type RunResult, runResultSchema, type ScenarioResult } from '../verdict/run-result.ts';

/**
 * The parts of verdict.json that are needed to judge a run again: its scenarios, and what was skipped, required and
 * requested.
 */
const runVerdict = z.looseObject({
  scenarios: z.array(z.looseObject({ folder: z.string(), measuredAgain: z.string().exactOptional() })),
  skipped: runResultSchema.shape.skipped,
  requires: runResultSchema.shape.requires,
  coverage: z.looseObject({
    asked: z.int().nonnegative(),
    promises: runResultSchema.shape.coverage.shape.promises,
    likely: runResultSchema.shape.coverage.shape.likely,
  }),
  stopped: z.string().optional(),
});

/** The result of judging a past run again. */
export interface Rejudged extends Judged {
  verdict: Verdict;
  /** The folder that contains the scenarios' folders. */
  folder: string;
}

/**
 * Judges a past run again, using the files in its folder, or in the folder of one of its scenarios. A scenario with an
 * incomplete history is INCONCLUSIVE, and so is a run that did not finish.
 *
 * @param reference See `findRun`. A scenario is `latest/chaos-impostor`, or its folder.
 * @throws ProofloadError RUN_NOT_FOUND if there is no such run
 */
export async function rejudge(results: string, reference: string): Promise<Rejudged> {
  const folder = await findRun(results, reference, isRecorded);
  if (existsSync(historyOf(folder))) {
    const { result } = await judgeAgain(folder);
    const run = { scenarios: [result], skipped: [] };
    const promises = coverPromises(run, await promisedBy(result, dirname(folder)));
    const coverage = { ...coverageOf(run, 1), promises };
    return withVerdict({ folder: dirname(folder), scenarios: run.scenarios, requires: [], coverage });
  }
  const past = await readParts(folder);
  const { folders, why, skipped = [], requires = [], asked: requested = folders.length, stopped } = past;
  const again: Again[] = [];
  for (const name of folders) again.push(await judgeAgain(join(folder, name)));
  const found = again.flatMap(({ promises = [] }) => promises);
  // The run reported each scenario when it had ended.
  const reported = reportedOnce();
  const inOrder = again.toSorted((earlier, later) => earlier.ended - later.ended);
  const once = new Map(inOrder.map(({ result }) => [result, reported(result)]));
  const scenarios = again.map(({ result }, index) => ({
    ...(once.get(result) ?? result),
    ...why?.get(folders[index] ?? ''),
  }));
  const promises = coverPromises({ scenarios, skipped }, promisedThen(past.promises ?? [], found));
  const { likely = [] } = past;
  const coverage = { ...coverageOf({ scenarios, skipped }, requested), promises, ...(likely.length > 0 && { likely }) };
  return withVerdict({ folder, scenarios, requires, coverage, ...(stopped !== undefined && { stopped }) });
}

/** Returns what is known about the promises that a scenario judges. Their proofs are in the record of its run. */
async function promisedBy({ findings }: ScenarioResult, run: string): Promise<Promised> {
  const paths = findings.flatMap(({ promises = [] }) => promises.map(promiseAt).filter((path) => path !== undefined));
  const judged = new Set(paths.map(keyOf));
  const { promises = [] } = existsSync(join(run, 'verdict.json')) ? await readParts(run) : {};
  return promisedThen(
    promises.filter(({ promise }) => judged.has(keyOf(promise))),
    paths,
  );
}

const withVerdict = (judged: Omit<Rejudged, 'verdict'>): Rejudged => ({ ...judged, verdict: verdictOf(judged) });

/**
 * Returns what was known about the promises of a run when it was made. Its scenarios may have recorded more, for example
 * if it was killed. Its proofs stay the same.
 */
function promisedThen(recorded: readonly CoveredPromise[], found: readonly PromisePath[]): Promised {
  const then = new Map(recorded.map((record) => [keyOf(record.promise), record]));
  const all = new Map([...recorded.map(({ promise }) => promise), ...found].map((path) => [keyOf(path), path]));
  return {
    promises: [...all.values()],
    scenarios: new Map(recorded.map(({ promise, scenarios }) => [keyOf(promise), scenarios])),
    proofOf: (path) => then.get(keyOf(path))?.proved,
  };
}

/** A scenario that was judged again. */
interface Again {
  readonly result: ScenarioResult;
  /** When it ended, in milliseconds since the epoch, or 0 if it is not known. */
  readonly ended: number;
  /** The promises of its contract, unless it judged another profile. */
  readonly promises?: PromisePath[];
}

async function judgeAgain(folder: string): Promise<Again> {
  try {
    if (existsSync(comparisonFile(folder))) return { result: await judgeComparison(folder), ended: 0 };
    const recorded = await readCase(folder);
    const { contract, numbers, profile, proof } = recorded.header;
    const isOther = proof.profile !== undefined && proof.profile !== profile;
    return {
      result: await judgeRecorded(recorded, folder),
      ended: recorded.ended,
      ...(!isOther && { promises: promisesOf(contract, numbers) }),
    };
  } catch (error) {
    if (!(error instanceof ProofloadError)) throw error;
    const findings = [
      {
        check: 'history is whole',
        expected: 'unchanged since it was written',
        observed: error.message,
        verdict: 'INCONCLUSIVE' as const,
      },
    ];
    const name = basename(folder);
    const result: ScenarioResult = {
      scenario: name,
      about: '',
      judges: name,
      verdict: 'INCONCLUSIVE',
      findings,
      seconds: 0,
      seed: 0,
      folder: name,
      again: 'not known',
    };
    return { result, ended: 0 };
  }
}

/** Whether a folder has the files of a run, finished or not, or of one of its scenarios. */
const isRecorded = (folder: string): boolean =>
  existsSync(historyOf(folder)) || existsSync(join(folder, 'verdict.json')) || recordedIn(folder).length > 0;

/** Returns the names of the folders in a run's folder that contain a history. */
function recordedIn(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder).filter((name) => existsSync(historyOf(join(folder, name))));
}

interface Past extends Partial<Pick<RunResult, 'skipped' | 'requires' | 'stopped'>> {
  folders: string[];
  /** Why scenarios were measured again, by folder. */
  why?: ReadonlyMap<string, Pick<ScenarioResult, 'measuredAgain'>>;
  asked?: number;
  promises?: readonly CoveredPromise[];
  likely?: RunResult['coverage']['likely'];
}

/** Returns the folders of a run's scenarios: those listed in its verdict, and any others that exist. */
async function readParts(folder: string): Promise<Past> {
  const names = recordedIn(folder).sort();
  const file = join(folder, 'verdict.json');
  if (!existsSync(file)) return { folders: names, stopped: 'there is no verdict.json: the run did not finish' };
  try {
    const { scenarios, skipped, requires, coverage, stopped } = runVerdict.parse(JSON.parse(await readText(file)), {
      jitless: true,
    });
    const folders = [...new Set([...scenarios.map((scenario) => basename(scenario.folder)), ...names])];
    const why = new Map(
      scenarios.map(({ folder, measuredAgain }) => [
        basename(folder),
        measuredAgain === undefined ? {} : { measuredAgain },
      ]),
    );
    const { asked, promises = [], likely = [] } = coverage;
    return { folders, why, skipped, requires, asked, promises, likely, ...(stopped !== undefined && { stopped }) };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    return { folders: names, stopped: `verdict.json is damaged: ${why}` };
  }
}

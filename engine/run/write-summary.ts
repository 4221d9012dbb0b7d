import { writeFile } from 'node:fs/promises';
import { getSystemErrorMessage } from 'node:util';
import { GoError } from '../base/errors.ts';
import { goTypeOf } from '../base/go-type.ts';
import type { Flags } from '../options/flags.ts';
import type { SummaryData } from '../output/summary-data.ts';
import { exportSummary } from '../output/summary-export.ts';
import { evaluateScript } from '../script/evaluate-script.ts';
import { describeError } from '../vu/describe-error.ts';
import type { Test } from '../vu/test.ts';
import { Vu } from '../vu/vu.ts';
import { runWithin } from './run-stage-function.ts';

/**
 * Writes a run's summary: the outputs returned by `handleSummary()`, or `text` to stdout if it returns nothing or throws.
 * Also writes the `--summary-export` file. Nothing is written if `handleSummary` is not a function or its result is
 * invalid. As in k6, the script is evaluated for this even if it has no such function.
 */
export async function writeSummary(test: Test, summary: SummaryData, text: string, flags: Flags): Promise<void> {
  if (flags.summaryMode === 'disabled') return;
  // As in k6, `handleSummary()` may change its argument, and the exported file contains the changes.
  const given = structuredClone(summary);
  try {
    const outputs = (await handle(test, given)) || { stdout: text };
    assertOutputs(outputs);
    const exported = flags.summaryExport;
    const file = exported === undefined ? {} : { [exported]: JSON.stringify(exportSummary(given), null, 4) };
    await writeAll({ ...outputs, ...file });
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    test.logger.log('error', 'failed to handle the end-of-test summary', { error: error.message });
  }
}

/**
 * @returns The result of `handleSummary()`, or undefined if the script exports nothing by that name, or it threw.
 * @throws GoError if the export is not a function
 */
async function handle(test: Test, summary: SummaryData): Promise<unknown> {
  const vu = new Vu(test, 0);
  vu.limit.outlastsAbort = true;
  vu.exports = await evaluateScript(vu);
  const { handleSummary } = vu.exports;
  if (!('handleSummary' in vu.exports)) return undefined;
  if (typeof handleSummary !== 'function') throw new GoError('exported identifier handleSummary must be a function');
  vu.phase = 'summary';
  const limit = test.options.handleSummaryTimeout;
  const tooLate = new GoError(`handleSummary() execution timed out after ${limit / 1_000} seconds`);
  const outcome = await runWithin(vu, limit, tooLate, handleSummary, summary);
  vu.connections.close();
  if (outcome.kind === 'threw') test.logger.log('error', describeError(outcome.error, outcome.inPromise));
  return outcome.kind === 'done' ? outcome.value : undefined;
}

/** @throws GoError with the reason if the result of `handleSummary()` can't be written */
function assertOutputs(result: unknown): asserts result is Record<string, Output> {
  if (typeof result !== 'object' || result === null || Array.isArray(result) || result instanceof Map) {
    throw new GoError('handleSummary() should return a map with string keys');
  }
  for (const [name, content] of Object.entries(result)) {
    if (isOutput(content)) continue;
    const why = `invalid type ${goTypeOf(content)}, it needs to be a string or ArrayBuffer`;
    throw new GoError(`error handling summary object ${name}: ${why}`);
  }
}

type Output = string | ArrayBuffer | Uint8Array;

const isOutput = (content: unknown): content is Output =>
  typeof content === 'string' || content instanceof ArrayBuffer || content instanceof Uint8Array;

/** @throws GoError with all files that could not be written */
async function writeAll(outputs: Record<string, Output>): Promise<void> {
  const failures: string[] = [];
  for (const [where, content] of Object.entries(outputs)) {
    const text = content instanceof ArrayBuffer ? new Uint8Array(content) : content;
    if (where === 'stdout') process.stdout.write(text);
    else if (where === 'stderr') process.stderr.write(text);
    else {
      await writeFile(where, text).catch(({ errno = 0 }: NodeJS.ErrnoException) => {
        failures.push(`\n\t- could not open '${where}': open ${where}: ${getSystemErrorMessage(errno)}`);
      });
    }
  }
  if (failures.length > 0) throw new GoError(`Could not save some summary information:${failures.join('')}`);
}

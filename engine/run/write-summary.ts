import { writeFile } from 'node:fs/promises';
import { GoError } from '../base/errors.ts';
import { goTypeOf } from '../base/go-type.ts';
import type { Logger } from '../base/logger.ts';
import type { Flags } from '../options/flags.ts';
import type { SummaryData } from '../output/summary-data.ts';
import { exportSummary } from '../output/summary-export.ts';
import { formatSummary } from '../output/summary-text.ts';
import { evaluateScript } from '../script/evaluate-script.ts';
import { describeError } from '../vu/describe-error.ts';
import type { Test } from '../vu/test.ts';
import { Vu } from '../vu/vu.ts';
import { runWithin } from './run-stage-function.ts';

/**
 * Writes a run's summary: the outputs returned by `handleSummary()`, or otherwise text to stdout. Also writes the
 * `--summary-export` file. If `handleSummary()` throws, the error is logged and the text is written instead. As in k6,
 * the script is evaluated for this even if it has no such function.
 */
export async function writeSummary(test: Test, summary: SummaryData, flags: Flags): Promise<void> {
  if (!flags.summary) return;
  // As in k6, `handleSummary()` may change its argument, and the exported file contains the changes.
  const given = structuredClone(summary);
  const handled = await handle(test, given);
  const outputs: Record<string, unknown> = handled ?? { stdout: formatSummary(summary) };
  if (flags.summaryExport !== undefined) {
    outputs[flags.summaryExport] = JSON.stringify(exportSummary(given), null, 4);
  }
  await writeAll(outputs, test.logger);
}

/** @returns undefined if the script has no such function, or it did not return a valid result. */
async function handle(test: Test, summary: SummaryData): Promise<Record<string, unknown> | undefined> {
  const vu = new Vu(test, 0);
  vu.exports = await evaluateScript(vu);
  if (typeof vu.exports.handleSummary !== 'function') return undefined;
  vu.phase = 'summary';
  const limit = test.options.handleSummaryTimeout;
  const tooLate = new GoError(`handleSummary() execution timed out after ${limit / 1_000} seconds`);
  const outcome = await runWithin(vu, limit, tooLate, vu.exports.handleSummary, summary);
  vu.connections.close();
  if (outcome.kind === 'threw') test.logger.log('error', describeError(outcome.error, outcome.inPromise));
  if (outcome.kind !== 'done') return undefined;
  const problem = problemOf(outcome.value);
  if (problem !== undefined) test.logger.log('error', problem);
  return problem === undefined ? ((outcome.value ?? {}) as Record<string, unknown>) : {};
}

/** Returns why nothing can be written of what `handleSummary()` returned. */
function problemOf(result: unknown): string | undefined {
  if (result === undefined || result === null) return undefined;
  if (typeof result !== 'object' || Array.isArray(result) || result instanceof Map) {
    return 'handleSummary() should return a map with string keys';
  }
  const [name, content] = Object.entries(result).find(([, one]) => typeof one !== 'string' && !isBytes(one)) ?? [];
  if (name === undefined) return undefined;
  const type = goTypeOf(content);
  return `error handling summary object ${name}: invalid type ${type}, it needs to be a string or ArrayBuffer`;
}

const isBytes = (content: unknown): content is ArrayBuffer | Uint8Array =>
  content instanceof ArrayBuffer || content instanceof Uint8Array;

async function writeAll(outputs: Record<string, unknown>, logger: Logger): Promise<void> {
  for (const [where, content] of Object.entries(outputs)) {
    const text = isBytes(content) ? new Uint8Array(content) : String(content);
    if (where === 'stdout') process.stdout.write(text);
    else if (where === 'stderr') process.stderr.write(text);
    else {
      await writeFile(where, text).catch((error: Error) => {
        logger.log('error', `can't write the summary ${where}: ${error.message}`);
      });
    }
  }
}

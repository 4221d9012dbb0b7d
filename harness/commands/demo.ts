import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { EXIT } from '../base/errors.ts';
import { print } from '../base/print.ts';
import { SETTINGS } from '../base/settings.ts';
import { createReporter } from '../report/reporters/index.ts';
import { titled, wrapped } from '../report/text/wrap.ts';
import { program } from '../run/again.ts';
import { run } from '../run/run.ts';
import type { ScenarioResult } from '../verdict/run-result.ts';
import { sayWhyNothingRan } from './exit-code.ts';
import { interruption } from './interruption.ts';
import { runOptions } from './lab-options.ts';
import { ROOT } from './options.ts';

/** A shop that needs nothing but Node, and whose code says where its bugs are. */
const SHOP = join(ROOT, 'examples/shop');

/** Each bug of the shop, in the order of its code: the scenario in which this checker notices it. */
const BUGS = [
  { scenario: 'stress/identity', checker: 'rate-limit-identity' },
  { scenario: 'chaos/retry-amplification', checker: 'calls-rescued' },
  { scenario: 'chaos/payments-outage', checker: 'breaker-opens' },
] as const;

/** The demo is the same for everyone, so the environment does not change these settings. */
const USUAL = {
  profile: SETTINGS.PROFILE.usual,
  engine: SETTINGS.ENGINE.usual,
  postgres: SETTINGS.POSTGRES.usual,
};

/**
 * Implements `proofload demo`, which shows how proofload finds the bugs of a small shop. It ends with exit code 0 if all
 * of them were found.
 */
export async function runDemo({ results }: { results: string }): Promise<void> {
  const shop = relative(process.cwd(), SHOP);
  print(
    wrapped(
      `${shop}/server.mjs is a small shop with ${BUGS.length} bugs. Its contract, proofload.yaml beside it, says what it ` +
        'promises. proofload knows only the contract, and tries whether the promises hold.\n',
    ),
  );
  using reporter = createReporter({});
  const scenarios = BUGS.map(({ scenario }) => scenario);
  const signal = interruption(reporter.note);
  const options = runOptions({ ...USUAL, contract: join(SHOP, 'proofload.yaml'), results }, scenarios);
  const result = await run({ ...options, name: 'demo', reporter, measuresAgain: true, signal });
  sayWhyNothingRan([result]);
  const comments = await bugComments(join(SHOP, 'server.mjs'));
  const isFound = BUGS.map(({ checker }) => isRed(result.scenarios, checker));
  const found = isFound.filter(Boolean).length;
  process.exitCode = found === BUGS.length ? EXIT.pass : EXIT.inconclusive;
  if (signal.aborted) return;
  print(`\nThe demo has found ${found} of ${BUGS.length} bugs:`);
  for (const [index, { line, says }] of comments.entries())
    print(titled(isFound[index] ? '✔ found: ' : '✘ not found: ', `${shop}/server.mjs:${line}: ${says}`, 2).join('\n'));
  print(`\nNow a service of yours. Install proofload in its folder, and type
  ${program()} init                writes down what the service promises: proofload.yaml
  ${program()} doctor              compares the service with it
  ${program()} run stress chaos    tries whether the promises hold`);
}

const isRed = (scenarios: readonly ScenarioResult[], checker: string): boolean =>
  scenarios.some(({ findings }) =>
    findings.some((finding) => finding.checker === checker && finding.verdict === 'FAIL'),
  );

/** Returns what comments such as "Bug 1: …" say, with the number of their line. */
async function bugComments(file: string): Promise<{ line: number; says: string }[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.flatMap((text, index) => {
    const [, says] = /\/\/ Bug \d: (.+)$/.exec(text) ?? [];
    return says === undefined ? [] : [{ line: index + 1, says }];
  });
}

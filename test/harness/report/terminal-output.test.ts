import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { titled } from '../../support/history.ts';
import { called, product } from '../../support/product.ts';
import { recordedFolder } from '../../support/recorded.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const HOSTILE = '\u001b[2J\u001b]0;x\u0007\r\u009b31m\u202e\n::stop-commands::x\n  ::error::y ##[group]z';

/** Control characters and commands in the output that a terminal or a CI log would interpret. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]|^\s*::|##\[/m;

const proofload = (...args: string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(...called(product.commandLine, args), (_, out, err) => resolve(out + err));
  });

/** Creates a results folder with a run in which every text is hostile. */
async function results(): Promise<string> {
  const folder = await temporaryFolder();
  const found = finding(HOSTILE, 'FAIL', { expected: HOSTILE, observed: HOSTILE, evidence: [HOSTILE] });
  const scenario = scenarioResult(HOSTILE, [found], { again: HOSTILE });
  const more = { service: HOSTILE, postgres: HOSTILE, stopped: HOSTILE, profile: HOSTILE, name: HOSTILE };
  for (const [name, run] of Object.entries({
    before: runResult([scenario], { ...more, skipped: [{ name: HOSTILE, judges: HOSTILE, skipped: HOSTILE }] }),
    after: runResult([{ ...scenario, findings: [{ ...found, verdict: 'PASS' }] }], { profile: 'fast' }),
  })) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'verdict.json'), JSON.stringify(run));
  }
  return folder;
}

test.each([
  ['show', ['show', 'before']],
  ['show --json', ['show', 'before', '--json']],
  ['compare', ['compare', 'before', 'after']],
  ['a run that is not there', ['show', HOSTILE.replace('\u0000', '')]],
  ['wrong usage', ['show', `--${HOSTILE}`]],
])('%s prints nothing that a terminal interprets, whatever a verdict contains', async (_, args) => {
  const said = await proofload(...args, '--results', await results());
  expect(said).toContain('\\u001b[2J');
  expect(said).toContain('stop-commands');
  expect(said).not.toMatch(OBEYED);
});

test('check prints nothing that a terminal interprets, whatever a history contains', async () => {
  const folder = await recordedFolder(
    [titled('opening', 1, 0), { type: 'engine', at: 1_000_002, event: 'error', text: HOSTILE }],
    ['breaker-opens'],
  );
  onTestFinished(() => rm(folder, { recursive: true }));
  const said = await proofload('rejudge', folder);
  expect(said).toContain('\\u001b[2J');
  expect(said).not.toMatch(OBEYED);
});

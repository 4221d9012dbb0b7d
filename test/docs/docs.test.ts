import { access, glob, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CODES } from '../../harness/base/errors.ts';
import { loadContract } from '../../harness/contract/load.ts';
import { allScenarios } from '../../harness/contract/scenario-names.ts';
import { allScripts } from '../../harness/contract/scenario-scripts.ts';
import { ERRORS } from '../../service/base/errors.ts';
import reference from '../../service/proofload.config.ts';
import { checkPages, missingForPages } from './check-pages.ts';
import { CONTRACTS } from './contracts.ts';
import { GENERATED, regenerate } from './generated.ts';

const read = (path: string): Promise<string> => readFile(path, 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'mocks/README.md',
  'results/README.md',
  ...(await paths('docs/{,checks/}*.md')),
];

async function paths(pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(pattern)) found.push(path);
  return found.sort();
}

/** Returns every distinct text that the pattern's group captures in any of the files. */
async function caught(files: string[], pattern: RegExp): Promise<string[]> {
  const texts = await Promise.all(files.map(read));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, group]) => group as string)))].sort();
}

test('every make target in the docs is in the Makefile', async () => {
  const targets = await caught(['Makefile'], /^([a-z-]+):/gm);
  // Look only in code: "make sure" is not a target.
  const named = await caught(documents, /(?:^|`|\$ )make ([a-z][a-z-]*)/gm);
  expect(named).toEqual(expect.arrayContaining(['gate', 'setup']));
  expect(targets).toEqual(expect.arrayContaining(named));
});

test('every proofload command in the docs exists', async () => {
  const commands = await caught(
    ['harness/cli.ts', ...(await paths('harness/commands/*.ts'))],
    /(?:\.command|new Command)\('([a-z]+)'\)/g,
  );
  const named = await caught(documents, /(?:harness\/cli\.ts|npx proofload|`proofload) ([a-z]+)/g);
  expect(named).toEqual(expect.arrayContaining(['run', 'check', 'gate']));
  expect(commands).toEqual(expect.arrayContaining(named));
});

test('every scenario in the docs exists, and the list of scenarios is complete', async () => {
  const scripts = (await allScripts()).map(({ name }) => name);
  const namesOf = async (breakers: string[]) => [...scripts, ...(await allScenarios(breakers)).map(({ name }) => name)];
  const named = await caught(documents, /\b((?:stress|chaos|load)\/[a-z][a-z0-9-]+)\b(?![/.])/g);
  const contracts = await Promise.all(CONTRACTS.map((path) => loadContract(path)));
  // One breaker is only an example in the docs.
  const mentioned = await namesOf([
    ...new Set(['payments', ...contracts.flatMap(({ breakers }) => Object.keys(breakers))]),
  ]);
  expect([...mentioned, 'gate/comparison']).toEqual(expect.arrayContaining(named));
  expect(await caught(['docs/scenarios.md'], /`((?:stress|chaos|load)\/[a-z][a-z0-9-]+)`/g)).toEqual(
    [...new Set(await namesOf(Object.keys(reference.breakers)))].sort(),
  );
});

test('the README links to every page', async () => {
  const linked = await caught(['README.md'], /\]\((docs\/[a-z-]+\.md|CONTRIBUTING\.md)/g);
  expect(linked).toEqual(['CONTRIBUTING.md', ...(await paths('docs/*.md'))]);
});

test('every path in the docs exists', async () => {
  const top = '(?:service|engine|faults|mocks|scenarios|harness|test|bench|docs|schemas|examples|bin)';
  const named = await caught(documents, new RegExp(`\`(${top}/[\\w./-]*(?:\\.\\w+|/))\``, 'g'));
  expect(named).toEqual(expect.arrayContaining(['faults/kinds/index.ts', 'mocks/providers.ts']));
  const missing = await Promise.all(
    named.map((path) =>
      access(path).then(
        () => [],
        () => [path],
      ),
    ),
  );
  expect(missing.flat()).toEqual([]);
});

test('the list of error codes is complete and has no others', async () => {
  const sources = await paths('{service,engine,faults,mocks,harness}/**/*.ts');
  const thrown = await caught(sources, /new EngineError\(\s*'([A-Z_]+)'/g);
  const fields = await caught(sources, /readonly code = '([A-Z_]+)'/g);
  // A refusal may have one of two codes, so match every quoted word before the message.
  const refusals = await caught(sources, /new Refusal\(([^,`]*),/g);
  const refused = refusals.flatMap((first) => [...first.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code as string));
  const codes = new Set([...Object.keys(CODES), ...Object.keys(ERRORS), ...thrown, ...fields, ...refused]);
  const rows = await caught(['docs/error-codes.md'], /^\| (`[^|]+) \|/gm);
  const listed = rows.flatMap((row) => [...row.matchAll(/`([\w-]+)`/g)].map(([, code]) => code as string));
  expect(listed.sort()).toEqual([...codes].sort());
});

test('the list of error codes has the exit code or status of each', async () => {
  const text = await read('docs/error-codes.md');
  for (const [code, exit] of Object.entries(CODES)) expect(text).toContain(`| \`${code}\` | ${exit} |`);
  for (const [code, { status, meaning }] of Object.entries(ERRORS)) {
    expect(text).toContain(`| \`${code}\` | ${status} | ${meaning} |`);
  }
});

test.each(Object.keys(GENERATED))('%s has the tables that `make docs` generates', async (path) => {
  expect(await read(path)).toBe(await regenerate(path));
});

test('docs/checks has the page of each checker that `make docs` generates, and no others', async () => {
  const pages = await checkPages();
  expect(await paths('docs/checks/*')).toEqual([...pages.keys()].sort());
  for (const [path, page] of pages) expect(await read(path)).toBe(page);
});

test('each checker is applied in a scenario, and has a defect that it catches', async () => {
  expect(await missingForPages()).toEqual([]);
});

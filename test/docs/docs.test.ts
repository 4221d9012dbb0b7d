import { access, glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CODES } from '../../harness/base/errors.ts';
import { contractSchema } from '../../harness/contract/contract.ts';
import { loadContract } from '../../harness/contract/load.ts';
import { allScenarios } from '../../harness/contract/scenario-names.ts';
import { allScripts } from '../../harness/contract/scenario-scripts.ts';
import { ERRORS } from '../../service/base/errors.ts';
import reference from '../../service/proofload.config.ts';
import { proofloadWarm } from '../support/command-line.ts';
import { missingForPages } from './check-pages.ts';
import { CONTRACTS } from './contracts.ts';
import { FOLDERS, GENERATED, regenerate } from './generated.ts';
import { renderPage } from './rendered-page.ts';

const read = (path: string): Promise<string> => readFile(path, 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'mocks/README.md',
  'results/README.md',
  ...(await paths('docs/{,checks/,contract/,how-to/,tutorials/}*.md')),
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
  const commands = await caught(['harness/commands/declarations.ts'], /(?:\.command|new Command)\('([a-z]+)'\)/g);
  const named = await caught(documents, /(?:harness\/cli\.ts|npx proofload|`proofload) ([a-z]+)/g);
  expect(named).toEqual(expect.arrayContaining(['run', 'rejudge', 'gate']));
  expect(commands).toEqual(expect.arrayContaining(named));
});

test('every option of a proofload command in the docs exists', async () => {
  const lines = await caught(documents, /npx proofload ([a-z]+ [^`\n#|]*)/g);
  const options = lines.flatMap((line) => {
    // A script has the options of k6.
    const own = /\.[jt]s\b/.test(line) ? [] : line.matchAll(/--[a-z-]+/g);
    return [...own].map(([option]) => ({ command: line.split(' ', 1)[0] ?? '', option }));
  });
  expect(options.length).toBeGreaterThan(10);
  for (const [command, used] of Map.groupBy(options, ({ command }) => command)) {
    const { text } = await proofloadWarm([command, '--help']);
    for (const { option } of used) expect(text, command).toMatch(new RegExp(`${option}\\b`));
  }
});

test('every setting of a make target in the docs is in the Makefile', async () => {
  const known = await caught(['Makefile'], /\b([A-Z][A-Z_0-9]+)=/g);
  const named = await caught(documents, /\bmake [a-z-]+ (?:\[)?([A-Z][A-Z_0-9]+)=/g);
  expect(named).toEqual(expect.arrayContaining(['SCENARIO', 'REPEAT']));
  expect(known).toEqual(expect.arrayContaining(named));
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
  expect(await caught(['docs/scenarios.md'], /`((?:stress|chaos|load|tools)\/[a-z][a-z0-9-]+)`/g)).toEqual(
    [...new Set(await namesOf(Object.keys(reference.breakers)))].sort(),
  );
});

test.each([
  ['docs/README.md', 'docs/{*,tutorials/*}.md'],
  ['docs/how-to/README.md', 'docs/how-to/*.md'],
])('%s links to every page beside and below it', async (index, pages) => {
  const { links } = renderPage(await read(index));
  const linked = links.map((link) => join(dirname(index), link.replace(/#.*/, '')));
  expect(linked).toEqual(expect.arrayContaining((await paths(pages)).filter((path) => path !== index)));
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

test.each(Object.entries(FOLDERS))(
  '%s has the pages that `make docs` generates, and no others',
  async (folder, write) => {
    const pages = await write();
    expect(await paths(`${folder}/*`)).toEqual([...pages.keys()].sort());
    for (const [path, page] of pages) expect(await read(path)).toBe(page);
  },
);

test('every contract in the how-tos is valid', async () => {
  const blocks = await Promise.all(
    (await paths('docs/how-to/*.md')).map(async (path) => {
      const { code } = renderPage(await read(path));
      return code.filter(({ language }) => language === 'yaml').map(({ text }) => [path, parse(text)] as const);
    }),
  );
  expect(blocks.flat().length).toBeGreaterThan(35);
  for (const [path, contract] of blocks.flat()) {
    const start = { command: ['node', 'x.ts'], readyPath: '/', readySeconds: 1 };
    const { error } = contractSchema.safeParse({ name: 'x', start, endpoints: {}, profiles: {}, ...contract });
    expect(error && z.prettifyError(error), path).toBe(undefined);
  }
});

test('each checker is applied in a scenario, and has a defect that it catches', async () => {
  expect(await missingForPages()).toEqual([]);
});

/**
 * Prints the tests of a source file: those that mirror its path, those that import it, and those that contain its path.
 * If there is none, those that import it through another file. With `--all`, all tests that it can break, the nearest
 * first. With `--paths`, no reasons. Exits with 2 if it can't.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { hasSource } from './misplaced-tests.js';

const isTest = (file) => file.endsWith('.test.ts');
/** Returns the beginning of the path of a file's tests. Those of a helper of tests are beside it. */
const mirrorOf = (file) => `test/${file.replace(/^test\//, '').replace(/\.[jt]s$/, '')}`;

/** Returns the tests that import a file, grouped by the number of files between. */
function importingTests(modules, file) {
  const dependents = new Map(modules.map((module) => [module.source, module.dependents]));
  const seen = new Set([file]);
  const groups = [];
  for (let level = [file]; level.length > 0; ) {
    level = level.flatMap((imported) => dependents.get(imported) ?? []).filter((importer) => !seen.has(importer));
    level = [...new Set(level)];
    for (const importer of level) seen.add(importer);
    groups.push(level.filter(isTest));
  }
  return groups;
}

/** Says whether a test is about a file by its path, such as `a/b.test.ts` and `a/b-fails.test.ts` about `a/b.ts`. */
function mirrors(test, file) {
  const [, rest] = test.split(mirrorOf(file));
  return /^[./-]/.test(rest ?? '') && (rest === '.test.ts' || !isOfAnother(test));
}

const isOfAnother = (test) => hasSource(test.slice('test/'.length, -'.test.ts'.length));

/** Returns the number of characters that the paths of a test and of the mirror of a file share. */
function sharedPath(test, file) {
  const mirror = mirrorOf(file);
  const end = [...mirror].findIndex((character, index) => test[index] !== character);
  return end < 0 ? mirror.length : end;
}

/** Returns the reason why each test is listed, by its path and the nearest first, and how many of them are near. */
async function testsOf(file) {
  // Loading it takes a second, and a mistake needs no imports.
  const { readImports } = await import('./borders.js');
  const { modules } = await readImports();
  const tests = modules.map(({ source }) => source).filter(isTest);
  const groups = importingTests(modules, file);
  const reasons = new Map();
  const add = (more, reason) => {
    const sorted = more.toSorted((a, b) => sharedPath(b, file) - sharedPath(a, file) || a.length - b.length);
    for (const test of sorted) if (!reasons.has(test)) reasons.set(test, reason);
  };
  const mirroring = tests.filter((test) => mirrors(test, file));
  const containing = tests.filter((test) => readFileSync(test, 'utf8').includes(file));
  add(mirroring, 'mirrors it');
  add(groups[0], 'imports it');
  add(containing, 'contains its path');
  let near = reasons.size;
  for (const [index, group] of groups.slice(1).entries()) {
    add(group, `imports it through ${index === 0 ? 'another file' : `${index + 1} other files`}`);
    near ||= reasons.size;
  }
  return { reasons: [...reasons], near };
}

/** Returns a problem with the name of the file, or undefined. */
function problemWith(file) {
  if (!file) return 'name a source file: FILE=harness/judge/judge.ts';
  if (!existsSync(file)) return `there is no file ${file}`;
  if (file.startsWith('..')) return `${file} is outside this repository`;
  if (isTest(file)) return `${file} is a test itself`;
  if (statSync(file).isDirectory()) return `${file} is a folder: its tests are in ${testFolderOf(file)}/`;
}

/** Returns the nearest folder for tests of what is in a folder. */
const testFolderOf = (folder) => (existsSync(`test/${folder}`) ? `test/${folder}` : testFolderOf(dirname(folder)));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean' }, paths: { type: 'boolean' } },
});
const file = positionals[0] && relative('.', positionals[0]);
const problem = problemWith(file);
const { reasons, near } = problem ? { reasons: [] } : await testsOf(file);
const shown = values.all ? reasons : reasons.slice(0, near);
for (const [test, reason] of shown) console.log(values.paths ? test : `${test}  ${reason}`);
if (problem || shown.length === 0) {
  const none = () => `no test imports ${file}, or contains its path: look at ${testFolderOf(dirname(file))}/`;
  console.error(`✖ ${problem ?? none()}`);
  process.exitCode = 2;
} else if (!values.paths) {
  const others = reasons.length - shown.length;
  if (others > 0) console.error(`\n${others} others import it through other files: ALL=1 lists them`);
  if (!values.all) console.error(`to run those above: make test OF=${file}`);
}

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { BY_TAG, ONLY_K6 } from '../../../engine/html/element-table.ts';
import { runWarmEngine, said } from '../engine-process.ts';
import { runSource } from '../run-source.ts';

const FOLDER = fileURLToPath(new URL('../scripts/html/', import.meta.url));

const refusedOf = (tag: string) => ONLY_K6.filter((name) => !Object.hasOwn(BY_TAG[tag] ?? {}, name));
const OTHER = '*';
const REFUSED = Object.fromEntries([...Object.keys(BY_TAG), OTHER].map((tag) => [tag, refusedOf(tag)]));

/** Removes the results of refused methods from a recorded line. */
function withoutRefused(line: string): string {
  const refused = refusedOf(/nodeName="([^"]+)"/.exec(line)?.[1] ?? OTHER);
  return line
    .split(' | ')
    .filter((result) => !refused.includes(/^(\w+)[=:.]/.exec(result)?.[1] ?? ''))
    .join(' | ');
}

// The expected lines were written by k6 v2.2.0 for the same scripts.
test.each(['selection', 'elements'])('k6/html: every %s method returns what it returns in k6', async (name) => {
  const env = `REFUSED=${JSON.stringify(REFUSED)}`;
  const run = await runWarmEngine(['run', '--log-format', 'json', '-e', env, `${FOLDER}${name}.js`], FOLDER);
  const recorded = await readFile(`${FOLDER}${name}.txt`, 'utf8');
  expect(said(run)).toEqual(recorded.trimEnd().split('\n').map(withoutRefused));
});

test.each([
  ['input', 'element.type()', 'the method type() of an element (a selection has attr(), val() and find())'],
  ['select', 'element.options()', 'the method options() of an element (a selection has attr(), val() and find())'],
  ['p', "page.find(':matches(a)')", "the selector ':matches(a)'"],
])('what only k6 has ends the test, even in a try block: <%s>, %s', async (tag, code, what) => {
  const {
    errors,
    said: lines,
    exitCode,
  } = await runSource(`
    import { parseHTML } from 'k6/html';
    export const options = { iterations: 5 };
    export default function () {
      const page = parseHTML('<${tag} type="x">');
      const element = page.find('${tag}').get(0);
      try { ${code}; } catch {}
      console.log('went on');
    }`);
  expect(errors).toContain(`${what} is not available in the embedded engine: use ENGINE=k6`);
  expect([lines.length <= 1, exitCode]).toEqual([true, 107]);
});

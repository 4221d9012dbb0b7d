import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { renderPage } from './rendered-page.ts';

/** Every page that GitHub or npm shows. Those that `make docs` generates are among them. */
const PAGES = '{*,docs/**/*,mocks/*,results/README,examples/*/README,test/{k6-golden,mutation}/*}.md';

const pages = new Map<string, ReturnType<typeof renderPage>>();
for await (const path of glob(PAGES)) pages.set(path, renderPage(await readFile(path, 'utf8')));

const found = (source: string): readonly string[] => renderPage(source).mistaken;

const ROWS = ['| a | b |', '| --- | --- |', '| 1 | 2 |'];
const indented = (lines: readonly string[], by: number): string[] => lines.map((line) => `${' '.repeat(by)}${line}`);
const page = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

test('tables and code are found where they are rendered, also in lists and quotes', () => {
  const code = ['```sh', 'a | b', '| c |', '```'];
  expect(found(page(...ROWS, '', ...code))).toEqual([]);
  expect(found(page('1. Text:', '', ...indented(ROWS, 3), '', ...indented(code, 3)))).toEqual([]);
  expect(found(page('> Text:', '>', ...[...ROWS, '', ...code].map((line) => `> ${line}`)))).toEqual([]);
  expect(found(page('Text with `| code |` and a | in it.'))).toEqual([]);
});

test('rows after a table that ended with its list are found', () => {
  const item = ['1. Text:', '', ...indented(ROWS, 3), '| 3 | 4 |', '   | 5 | 6 |'];
  expect(found(page(...item))).toEqual(['6: | 3 | 4 |', '7: | 5 | 6 |']);
});

test('a table without its delimiter row, or with one of another width, is found', () => {
  expect(found(page('| a | b |', '| 1 | 2 |'))).toEqual(['1: | a | b |', '2: | 1 | 2 |']);
  expect(found(page('| a | b |', '| --- |', '| 1 | 2 |'))).toHaveLength(3);
});

test('a fence in a paragraph, one that is not closed, and indented text are found', () => {
  expect(found(page('Text ', '```yaml `', 'a: 1', '```'))).not.toEqual([]);
  expect(found(page('```yaml', 'a: 1'))).toEqual(['1: ```yaml']);
  expect(found(page('1. Text:', '', '   ```yaml', '   a: 1', '```'))).not.toEqual([]);
  expect(found(page('Text:', '', '    | a | b |'))).toEqual(['3: | a | b |']);
});

test('no page has rows of a table or fences in a paragraph', () => {
  expect([...pages.keys()]).toEqual(
    expect.arrayContaining(['README.md', 'CHANGELOG.md', 'mocks/README.md', 'docs/checks/recovers.md']),
  );
  const mistaken = [...pages].flatMap(([path, { mistaken: lines }]) => lines.map((line) => `${path}:${line}`));
  expect(mistaken).toEqual([]);
});

test('every linked file and heading exists', () => {
  const dead: string[] = [];
  for (const [path, { links }] of pages) {
    for (const link of links.filter((target) => !/^(?:https?|mailto):/.test(target))) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), decodeURI(file));
      const isKnown = anchor === undefined || (pages.get(target)?.anchors.has(anchor) ?? false);
      if (!existsSync(target) || !isKnown) dead.push(`${path}: ${link}`);
    }
  }
  expect([...pages.values()].flatMap(({ links }) => links).length).toBeGreaterThan(300);
  expect(dead).toEqual([]);
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { drawTable, shareColumns } from '../../../../harness/report/text/table.ts';
import { called, product } from '../../../support/product.ts';
import { noTerminal, outputInTerminal } from '../../../support/pseudo-terminal.ts';
import { finding, runResult, scenarioResult } from '../../../support/run-result.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A run with each verdict, long and wide words, and a text that contains the border of the table. */
async function resultsWithRun(): Promise<string> {
  const folder = await temporaryFolder();
  const findings = [
    finding('opens', 'FAIL', { evidence: [`{"key":"${'x'.repeat(300)}"}`, '漢字'.repeat(60), 'a │ PASS │'] }),
    finding('attempts at openai: 503-next-year, summarize', 'INCONCLUSIVE'),
    finding('refuses while open', 'PASS', { observed: 'a word '.repeat(40) }),
  ];
  await mkdir(join(folder, 'one'));
  await writeFile(
    join(folder, 'one', 'verdict.json'),
    JSON.stringify(runResult([scenarioResult('chaos/a', findings)])),
  );
  return folder;
}

const REPEATS = `
  import { print } from './harness/base/print.ts';
  import { countRepeats, repeatsTable } from './harness/report/repeats.ts';
  import { finding, runResult, scenarioResult } from './test/support/run-result.ts';
  const bad = runResult([scenarioResult('chaos/a-scenario-with-a-long-name', [finding('a long check '.repeat(9), 'FAIL')])]);
  print(repeatsTable(countRepeats(Array(120).fill(bad), 120, 'results')));
`;

const COMMANDS: Record<string, (results: string) => [string, string[]]> = {
  'show --verbose': (results) => called(product.commandLine, ['show', 'one', '--verbose', '--results', results]),
  repeats: () => [process.execPath, ['--input-type=module-typescript', '-e', REPEATS]],
};

/** The number of terminal columns that a text takes. */
const width = (text: string): number => text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0);

test.skipIf(noTerminal).each(
  [
    { columns: 30, colors: 'colors' },
    { columns: 80, colors: 'NO_COLOR' },
    { columns: 150, colors: 'colors' },
  ].flatMap((terminal) => Object.keys(COMMANDS).map((what) => ({ what, ...terminal }))),
)('$what in $columns columns with $colors: tables fit, and no cell shows an escape code', async (given) => {
  const { what, columns, colors } = given;
  const command = (COMMANDS[what] as (typeof COMMANDS)[string])(await resultsWithRun());
  const text = await outputInTerminal(columns, command, colors === 'NO_COLOR' ? { NO_COLOR: '1' } : {});
  const table = text.split('\n').filter((line) => /[│┌┐└┘]/.test(line));
  const plain = table.map(stripVTControlCharacters);
  expect(table.length).toBeGreaterThan(5);
  expect(text).not.toMatch(/\\u00|…│/);
  expect(new Set(plain.map(width)).size).toBe(1);
  expect(Math.max(...plain.map(width))).toBeLessThanOrEqual(columns);
  expect(text.includes('\u001b[1m\u001b[31mFAIL\u001b[39m\u001b[22m')).toBe(colors === 'colors');
  if (colors === 'NO_COLOR') expect(plain).toEqual(table);
});

test('columns share the terminal, and are never wider than is easy to read', () => {
  expect(shareColumns([{ part: 1 }, { part: 3 }, { fixed: 4 }], 80)).toEqual([17, 52, 6]);
  expect(shareColumns([{ part: 1 }, { fixed: 4 }], 500)).toEqual([171, 6]);
  expect(shareColumns([{ part: 1 }, { part: 1 }, { fixed: 9 }], 20)).toEqual([5, 5, 5]);
  expect(shareColumns([{ part: 1 }, { fixed: 9 }], 1)).toEqual([3, 3]);
});

test('only lines of the last column are styled, and an escape code in a cell stays text', () => {
  const rows = [['a │ b', '\u001b[31mred\u001b[39m']];
  const text = drawTable({ head: ['x', 'y'], widths: [9, 24], rows, styleLast: (content) => content.toUpperCase() });
  expect(text.split('\n')).toEqual([
    '┌─────────┬────────────────────────┐',
    '│ x       │ Y                      │',
    '│ a │ b   │ \\U001B[31MRED\\U001B[39 │',
    '│         │ M                      │',
    '└─────────┴────────────────────────┘',
  ]);
});

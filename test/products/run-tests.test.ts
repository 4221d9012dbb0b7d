import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problemsOf, type Report } from './run-tests.ts';
import { TEST_FILES } from './test-files.ts';

const FILES = ['test/a.test.ts', 'test/b.test.ts'];

const report = (...files: [name: string, ...statuses: string[]][]): Report => {
  const all = files.flatMap(([, ...statuses]) => statuses);
  return {
    numPassedTests: all.filter((status) => status === 'passed').length,
    numFailedTests: all.filter((status) => status === 'failed').length,
    testResults: files.map(([name, ...statuses]) => ({
      name: `/checkout/${name}`,
      assertionResults: statuses.map((status) => ({ status })),
    })),
  };
};

test.each<[string, Report, number, string[]]>([
  ['all files have passed', report(['test/a.test.ts', 'passed'], ['test/b.test.ts', 'passed', 'skipped']), 0, []],
  ['a file is missing', report(['test/a.test.ts', 'passed']), 0, ['no test of test/b.test.ts has passed']],
  [
    'a file is skipped',
    report(['test/a.test.ts', 'passed'], ['test/b.test.ts', 'skipped']),
    0,
    ['no test of test/b.test.ts has passed'],
  ],
  ['a test fails', report(['test/a.test.ts', 'passed'], ['test/b.test.ts', 'passed', 'failed']), 1, ['1 tests failed']],
  [
    'only the runner fails',
    report(['test/a.test.ts', 'passed'], ['test/b.test.ts', 'passed']),
    1,
    ['vitest ended with exit code 1'],
  ],
  ['nothing has run', report(), 0, FILES.map((file) => `no test of ${file} has passed`)],
])('a run in which %s', (_, found, code, problems) => {
  expect(problemsOf(found, FILES, code)).toEqual(problems);
});

test('each file that runs against a product exists', () => {
  const files = Object.values(TEST_FILES).flat();
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

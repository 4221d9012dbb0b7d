import { expect, test } from 'vitest';
import type { LogLine } from '../engine-process.ts';
import { runSource } from '../run-source.ts';

/** Returns why the summary was not written. */
const whyNot = (log: readonly LogLine[]) =>
  log.filter(({ msg }) => msg === 'failed to handle the end-of-test summary').map(({ error }) => error);

test.each([
  ["{ stdout: 'a', 'y.txt': undefined }", 'error handling summary object y.txt: invalid type <nil>'],
  ['{ stdout: { a: 1 } }', 'error handling summary object stdout: invalid type map[string]interface {}'],
  ['{ stdout: 5 }', 'error handling summary object stdout: invalid type int64'],
  ["['x']", 'handleSummary() should return a map with string keys'],
  ["'x'", 'handleSummary() should return a map with string keys'],
])('handleSummary must not return %s', async (result, why) => {
  const { log, exitCode, stdout, metrics } = await runSource(`
    export default () => {};
    export const handleSummary = () => (${result});`);
  expect([whyNot(log), exitCode]).toEqual([[expect.stringContaining(why)], 0]);
  expect([stdout, metrics]).toEqual(['', {}]);
});

test('the exported summary lacks what handleSummary removes', async () => {
  const { metrics } = await runSource(`
    export default () => {};
    export const handleSummary = ({ metrics }) => { delete metrics.iterations; return {}; };`);
  expect([metrics.iterations, metrics.iteration_duration?.min]).toEqual([undefined, expect.any(Number)]);
});

test.each(['5', 'null', 'undefined', '{}'])('nothing is written if handleSummary is %s', async (value) => {
  const { log, exitCode, stdout, metrics } = await runSource(`
    export const options = { thresholds: { iterations: ['count>1'] } };
    export default () => {};
    export const handleSummary = ${value};`);
  expect([stdout, metrics]).toEqual(['', {}]);
  expect([whyNot(log), exitCode]).toEqual([['exported identifier handleSummary must be a function'], 99]);
});

test.each(['undefined', 'null', '0', "''"])('the text is written if handleSummary returns %s', async (value) => {
  const { errors, stdout, metrics } = await runSource(`
    export default () => {};
    export const handleSummary = () => ${value};`);
  expect([errors, metrics.iterations?.count]).toEqual([[], 1]);
  expect(stdout).toMatch(/ iterations\.+: 1 /);
});

test('all files that can not be written are reported', async () => {
  const { log, exitCode, stdout } = await runSource(`
    export default () => {};
    export const handleSummary = () => ({ '/none/a': 'a', stdout: 'text', '/none/b': 'b' });`);
  expect(whyNot(log)).toEqual([
    `Could not save some summary information:
\t- could not open '/none/a': open /none/a: no such file or directory
\t- could not open '/none/b': open /none/b: no such file or directory`,
  ]);
  expect([stdout, exitCode]).toEqual(['text', 0]);
});

import { expect, test } from 'vitest';
import { runSource } from '../run-source.ts';

/** Replaces measured values, and removes the padding of columns, which depends on them. */
const masked = (text: string) =>
  text
    .replace(/\d+(\.\d+)?( ?(kB|B|µs|ms|s|%)(?![a-z]))?(\/s)?/g, 'N')
    .replace(/ +$/gm, '')
    .replace(/(?<=\S) {2,}/g, ' ')
    .trim();

const SOURCE = `
  import { check, group } from 'k6';
  import { Trend, Counter, Gauge } from 'k6/metrics';
  const [waited, bytes, open] = [new Trend('waited', true), new Counter('bytes'), new Gauge('open')];
  export const options = {
    scenarios: {
      default: { executor: 'per-vu-iterations', vus: 2, iterations: 1 },
      other: { executor: 'shared-iterations', iterations: 1, exec: 'other' },
    },
    thresholds: {
      waited: ['p(99)<5000', 'avg<1'], 'waited{group:::outer::inner}': ['max<5000'],
      'bytes{none:here}': ['count<1'], bytes: ['rate>1e9'], open: ['value==7'],
    },
    summaryTrendStats: ['max', 'count'],
  };
  export function setup() { group('prepare', () => check(1, { 'in setup': true })); }
  export default function () {
    group('outer', () => {
      check(1, { 'holds': true });
      group('inner', () => { check(__VU, { 'holds for one': (vu) => vu === 2, 'holds': true }); waited.add(1500); });
    });
    bytes.add(3); open.add(7);
  }
  export function other() { group('of other', () => check(1, { 'never holds': false })); }`;

const OUTPUT = `█ THRESHOLDS

    bytes
    ✗ 'rate>NeN' rate=N

      {none:here}
      ✓ 'count<N' count=N

    open
    ✓ 'value==N' value=N

    waited
    ✓ 'p(N)<N' p(N)=N
    ✗ 'avg<N' avg=N

      {group:::outer::inner}
      ✓ 'max<N' max=N


  █ TOTAL RESULTS

    checks_total.......: N N
    checks_succeeded...: N N out of N
    checks_failed......: N N out of N

    ✓ in setup
    ✓ holds
    ✗ holds for one
      ↳ N — ✓ N / ✗ N
    ✗ never holds
      ↳ N — ✓ N / ✗ N

    CUSTOM
    bytes........................: N N
      { none:here }..............: N N
    open.........................: N min=N max=N
    waited.......................: max=N count=N
      { group:::outer::inner }...: max=N count=N

    EXECUTION
    iteration_duration...........: max=N count=N
    iterations...................: N N

    NETWORK
    data_received................: N N
    data_sent....................: N N`;

const PARTS = `█ GROUP: outer

    checks_total.......: N N
    checks_succeeded...: N N out of N
    checks_failed......: N N out of N

    ✓ holds

    ↳ GROUP: inner

      checks_total.......: N N
      checks_succeeded...: N N out of N
      checks_failed......: N N out of N

      ✗ holds for one
          ↳ N — ✓ N / ✗ N
      ✓ holds

      CUSTOM
      waited...: max=N count=N


  █ SCENARIO: other

    checks_total.......: N N
    checks_succeeded...: N N out of N
    checks_failed......: N N out of N

    ✗ never holds
      ↳ N — ✓ N / ✗ N

    EXECUTION
    iteration_duration...: max=N count=N
    iterations...........: N N

    NETWORK
    data_received........: N N
    data_sent............: N N

    ↳ GROUP: of other

      checks_total.......: N N
      checks_succeeded...: N N out of N
      checks_failed......: N N out of N

      ✗ never holds
          ↳ N — ✓ N / ✗ N`;

test.concurrent('the compact summary has the layout of k6 v2, with the values of thresholds', async () => {
  const { stdout, exitCode } = await runSource(SOURCE);
  expect(masked(stdout)).toBe(OUTPUT);
  expect(stdout).toContain("✓ 'p(99)<5000' p(99)=1.5s\n");
  expect(stdout).toContain('↳  50% — ✓ 1 / ✗ 1\n');
  expect(exitCode).toBe(99);
});

test.concurrent.each([1, 2])('the full summary also has groups and scenarios, with %i threads', async (workers) => {
  const { stdout } = await runSource(SOURCE, { args: ['--summary-mode=full', '--workers', String(workers)] });
  // The setup's own group comes first.
  const [total = '', ...parts] = masked(stdout).split(/\n\n\n {2}(?=█ (?:GROUP|SCENARIO))/);
  expect([...total.matchAll(/^ {4}[✓✗] [a-z ]+$/gm)].map(([line]) => line.trim()).sort()).toEqual([
    '✓ holds',
    '✓ in setup',
    '✗ holds for one',
    '✗ never holds',
  ]);
  expect(parts.map((part) => part.split('\n')[0])).toEqual(['█ GROUP: setup', '█ GROUP: outer', '█ SCENARIO: other']);
  expect(parts.slice(1).join('\n\n\n  ')).toBe(PARTS);
});

test.concurrent.each([
  ['s', 'max=1.50s'],
  ['ms', 'max=1500.00ms'],
  ['us', 'max=1500000.00µs'],
])('--summary-time-unit=%s applies to all times', async (unit, expected) => {
  const { stdout } = await runSource(SOURCE, { args: [`--summary-time-unit=${unit}`] });
  expect(stdout).toMatch(new RegExp(`waited\\.+: ${expected} +count=2`));
  expect(stdout).toContain(`'max<5000' ${expected}`);
});

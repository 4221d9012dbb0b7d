import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { againCommand, commandLine } from '../../../harness/run/again.ts';

const plain = {
  profile: 'fast',
  engine: 'auto',
  postgres: 'auto',
  command: undefined,
  contract: resolve('service/proofload.config.ts'),
  results: resolve('results'),
};
const again = (given: Partial<Parameters<typeof againCommand>[1]>, environment = {}) =>
  againCommand({ scenario: 'chaos/llm-outage', seed: 8 }, { ...plain, ...given }, environment);

test('includes the scenario and the seed, and no default settings', () => {
  expect(again({})).toBe('make chaos SCENARIO=chaos/llm-outage SEED=8');
});

test('includes every setting that is not the default', () => {
  const given = { profile: 'production', engine: 'k6', contract: resolve('own/contract.json') };
  expect(again(given, { K6_BIN: '/opt/k6' })).toBe(
    'make chaos SCENARIO=chaos/llm-outage SEED=8 PROFILE=production ENGINE=k6 CONTRACT=own/contract.json K6_BIN=/opt/k6',
  );
});

test('includes the other machines that are allowed', () => {
  expect(again({ allowHost: ['a.example.org', 'b'] })).toContain(' ALLOW_HOST=a.example.org,b');
});

test('a command is quoted for the shell and for make', () => {
  expect(again({ command: ['node', "it's", '$HOME'] })).toContain(`COMMAND='node it'\\''s $$HOME'`);
});

test.each([
  ['postgres://me:hunter2@127.0.0.1:5432/x', 'postgres://me:REDACTED@127.0.0.1:5432/x'],
  ['postgres://u:a@b@h', 'postgres://u:REDACTED@h'],
  ['postgresql://u:%40%2f@h/x', 'postgresql://u:REDACTED@h/x'],
  ["postgres://u:a'/b@h", 'postgres://u:REDACTED@h'],
  ['postgres://:pw@h', 'postgres://:REDACTED@h'],
  ['postgres://h/x?user=u&password=hunter2', "'postgres://h/x?user=u&password=REDACTED'"],
])('the password in %s is not shown', (postgres, expected) => {
  expect(again({ postgres })).toBe(`make chaos SCENARIO=chaos/llm-outage SEED=8 POSTGRES=${expected}`);
});

test('outside the project, it is a shell command, because there is no Makefile', () => {
  const command = ['node', '$HOME'];
  expect(
    againCommand({ scenario: 'chaos/llm-outage', seed: 8 }, { ...plain, command }, {}, resolve('examples/ask-service')),
  ).toBe(
    "SEED=8 CONTRACT=../../service/proofload.config.ts COMMAND='node $HOME' node ../../bin/proofload.js run chaos/llm-outage",
  );
});

test('outside the project, the default contract of the folder need not be named', () => {
  const folder = resolve('examples/ask-service');
  const contract = resolve(folder, 'proofload.yaml');
  expect(againCommand({ scenario: 'chaos/llm-outage', seed: 8 }, { ...plain, contract }, {}, folder)).toBe(
    'SEED=8 node ../../bin/proofload.js run chaos/llm-outage',
  );
});

test("a team's own scenarios are run by a shell command in the project's folder as well", () => {
  const contract = resolve('examples/price-service/proofload.config.ts');
  expect(againCommand({ scenario: 'own/wrong-currency', seed: 8 }, { ...plain, contract }, {})).toBe(
    'SEED=8 CONTRACT=examples/price-service/proofload.config.ts node bin/proofload.js run own/wrong-currency',
  );
});

test('a contract in TypeScript need not be named either', () => {
  const folder = resolve('examples/price-service');
  const contract = resolve(folder, 'proofload.config.ts');
  const target = { scenario: 'stress/smoke', seed: 8 };
  expect(againCommand(target, { ...plain, contract }, {}, folder)).toBe(
    'SEED=8 node ../../bin/proofload.js run stress/smoke',
  );
});

test('scenarios that did not pass in the last run are run again by their suite, or by the gate for several suites', () => {
  expect(againCommand({ lastFailedOf: ['chaos'] }, plain, {})).toBe('make chaos LAST_FAILED=1');
  expect(againCommand({ lastFailedOf: ['stress', 'chaos'] }, { ...plain, profile: 'production' }, {})).toBe(
    'make gate LAST_FAILED=1 PROFILE=production',
  );
  const folder = resolve('examples/ask-service');
  const elsewhere = { ...plain, results: resolve(folder, 'out') };
  expect(againCommand({ lastFailedOf: ['chaos'] }, elsewhere, {}, folder)).toBe(
    'CONTRACT=../../service/proofload.config.ts RESULTS=out node ../../bin/proofload.js run --last-failed',
  );
});

test('in GitHub Actions, the command is the one of an installed package, because nobody has the folder of the action', () => {
  const folder = resolve('examples/price-service');
  const contract = resolve(folder, 'proofload.config.ts');
  const target = { scenario: 'stress/smoke', seed: 8 };
  expect(againCommand(target, { ...plain, contract }, { GITHUB_ACTION_PATH: resolve() }, folder)).toBe(
    'SEED=8 npx proofload run stress/smoke',
  );
});

test('a command that is named to the user is a make target in the project only', () => {
  expect(commandLine('gate')).toBe('make gate');
  expect(commandLine('gate', resolve('examples/ask-service'))).toBe('node ../../bin/proofload.js gate');
});

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

/** Prints a recipe instead of running it. */
function make(args: string[], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync('make', ['--dry-run', '--no-print-directory', ...args], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test.each([
  ['SCENRIO=chaos/llm-outage', 'there is no setting SCENRIO; did you mean SCENARIO?'],
  ['PROFLE=production', 'there is no setting PROFLE; did you mean PROFILE?'],
  ['engine=k6', 'there is no setting engine; did you mean ENGINE?'],
  ['WORKERS=2', 'there is no setting WORKERS; "make help" lists all settings.'],
])('make rejects %s with the allowed values', (argument, text) => {
  const { status, stdout, stderr } = make(['show', argument]);
  expect(stderr).toContain(`USAGE: ${text}`);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

test('make warns about a misspelled setting in the environment and continues', () => {
  const { status, stderr } = make(['show'], { PROFLE: 'production' });
  expect(stderr).toContain('the environment has PROFLE, which is no setting; did you mean PROFILE?');
  expect(status).toBe(0);
});

test('make accepts each setting in its help, and those of k6', () => {
  const help = spawnSync('make', ['help'], { encoding: 'utf8' }).stdout;
  const names = [...help.matchAll(/(?<!\[)\b([A-Z][A-Z0-9_]+)=/g)].map(([, name]) => name);
  expect(names).toEqual(expect.arrayContaining(['SCENARIO', 'K6_BIN', 'DATABASE_URL', 'TESTS']));
  const { status, stderr } = make(['show', 'K6_VUS=5', ...names.map((name) => `${name}=1`)]);
  expect({ status, problems: stderr.match(/setting/g) }).toEqual({ status: 0, problems: null });
});

test('the suites and the tests start bundles, and a comparison of two builds starts what their contracts name', () => {
  const starts = (target: string) => /PROOFLOAD_BUNDLES=(\S+)/.exec(make([target]).stdout)?.[1];
  expect(['stress', 'chaos', 'load', 'prove', 'test'].map(starts)).toEqual(Array(5).fill(`${resolve('.bundles')}/`));
  expect(starts('gate')).toBeUndefined();
});

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { changeBegan } from '../../../../harness/gate/builds/change-began.ts';
import { repository } from './repository.ts';

/** Creates a repository whose branch has gone on since the change began, and the hash of that commit. */
async function changed(): Promise<{ top: string; first: string }> {
  const top = await repository({ a: '1' }, { a: '2' });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', top, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { encoding: 'utf8' });
  const first = git('rev-parse', 'first').trim();
  git('commit', '--quiet', '--all', '--message=change');
  const later = git('commit-tree', '-p', 'first', '-m', 'later', 'first^{tree}').trim();
  git('update-ref', 'refs/remotes/origin/main', later);
  return { top, first };
}

test('a pull request began at the last commit that it shares with its base', async () => {
  const { top, first } = await changed();
  expect(await changeBegan(top, { GITHUB_BASE_REF: 'main' })).toEqual({ commit: first });
});

test('in a merge request of GitLab, a variable names the commit', async () => {
  const { top, first } = await changed();
  expect(await changeBegan(top, { CI_MERGE_REQUEST_DIFF_BASE_SHA: first })).toEqual({ commit: first });
});

test('a history that is not checked out is named', async () => {
  const { top } = await changed();
  for (const variables of [{ GITHUB_BASE_REF: 'next' }, { CI_MERGE_REQUEST_DIFF_BASE_SHA: 'a'.repeat(40) }]) {
    expect(await changeBegan(top, variables)).toEqual({ missing: expect.stringContaining('fetch-depth: 0') });
  }
});

test('elsewhere, nothing is known', async () => {
  expect(await changeBegan('.', { GITHUB_BASE_REF: '' })).toBeUndefined();
});

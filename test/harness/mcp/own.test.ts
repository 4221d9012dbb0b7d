import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readOwnRun, requireOwnCommit, requireOwnPath } from '../../../harness/mcp/own.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Works in a folder with a project, beside a folder of someone else. */
async function inProject() {
  const top = await temporaryFolder();
  const [project, elsewhere] = [join(top, 'project'), join(top, 'elsewhere')];
  const runs = join(project, 'results/runs');
  for (const folder of [elsewhere, join(project, 'node_modules/x'), join(project, 'contracts'), join(runs, 'a/1')])
    await mkdir(folder, { recursive: true });
  for (const file of [join(elsewhere, 'x.yaml'), join(project, 'contracts/x.yaml')]) await writeFile(file, '');
  const before = process.cwd();
  process.chdir(project);
  onTestFinished(() => process.chdir(before));
  return { project, elsewhere, runs };
}

test('a path is in the project, and no link leads elsewhere', async () => {
  const { project, elsewhere } = await inProject();
  await symlink(elsewhere, join(project, 'link'));
  await symlink(join(elsewhere, 'missing.yaml'), join(project, 'dangling.yaml'));
  await symlink(join(project, 'contracts'), join(project, 'own-link'));
  const isOwn = (path: string) => {
    try {
      requireOwnPath('contract', path, 'results');
      return true;
    } catch (error) {
      expect(String(error)).toMatch(/contract: .* is not in the project; allowed: a path below /);
      return false;
    }
  };
  for (const path of [
    'proofload.yaml',
    './contracts/x.yaml',
    'contracts/new/x.yaml',
    'own-link/x.yaml',
    `${project}/x`,
    '..x',
  ])
    expect([path, isOwn(path)]).toEqual([path, true]);
  for (const path of [
    '..',
    '../x.yaml',
    '../project-2/x',
    elsewhere,
    '/etc/passwd',
    'link/x.yaml',
    'dangling.yaml',
    'link/../x',
    'node_modules/x/c.yaml',
    'results/runs/a/1/c.yaml',
    '.git/config',
    'a\0b',
  ])
    expect([path, isOwn(path)]).toEqual([path, path === 'link/../x']);
});

test.each(['../../../elsewhere', 'leak', 'leak/1', '/etc', 'a/1/../../../..', 'a\0', 'a/1', '--help'])(
  'a past run that is elsewhere, or whose verdict is a link, is not read: %s',
  async (reference) => {
    const { elsewhere, runs } = await inProject();
    await writeFile(join(elsewhere, 'verdict.json'), '{}');
    await mkdir(join(elsewhere, '1'));
    await writeFile(join(elsewhere, '1', 'verdict.json'), '{}');
    await symlink(elsewhere, join(runs, 'leak'));
    await symlink(join(elsewhere, 'verdict.json'), join(runs, 'a/1/verdict.json'));
    await expect(readOwnRun('results', reference)).rejects.toThrow(/there is no run /);
  },
);

test('a past run in the results is read, also by the link to the latest one', async () => {
  const { runs, project } = await inProject();
  await writeFile(join(runs, 'a/1/verdict.json'), '{}');
  await symlink('runs/a/1', join(project, 'results/latest'));
  for (const name of ['latest', 'a', 'a/1'])
    await expect(readOwnRun('results', name)).rejects.toThrow(/is not a verdict of this version/);
});

test('a build is a commit that HEAD, a local branch or a tag contains', async () => {
  await inProject();
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { encoding: 'utf8' }).trim();
  const commit = (name: string) => git('commit', '--quiet', '--allow-empty', '--message', name);
  git('init', '--quiet', '--initial-branch=main');
  commit('first');
  git('checkout', '--quiet', '-b', 'stranger');
  commit('theirs');
  git('update-ref', 'refs/remotes/origin/stranger', 'HEAD');
  git('checkout', '--quiet', 'main');
  git('branch', '--quiet', '-D', 'stranger');
  git('checkout', '--quiet', '-b', 'other');
  commit('own');
  git('tag', 'v1');
  git('checkout', '--quiet', 'main');
  for (const name of ['main', 'HEAD', 'other', 'v1', git('rev-parse', 'other')])
    await expect(requireOwnCommit('against', name)).resolves.toBeUndefined();
  for (const name of ['origin/stranger', '..', '/', '--help', 'http://127.0.0.1', 'none'])
    await expect(requireOwnCommit('against', name)).rejects.toThrow(
      /is not a commit that HEAD, a local branch or a tag/,
    );
});

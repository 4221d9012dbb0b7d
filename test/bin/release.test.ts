import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MANIFEST = {
  name: 'small',
  version: '1.2.0',
  repository: { url: 'git+https://github.com/somebody/small.git' },
  bin: { small: 'bin/small.js' },
  files: ['bin/', 'CHANGELOG.md'],
};

/** A package that can be released, except for the given differences. `null` leaves out a file. */
interface Given {
  readonly manifest?: object;
  readonly lock?: string;
  readonly files?: Readonly<Record<string, string | null>>;
  /** What to do after the commit. */
  readonly afterwards?: (git: (...args: string[]) => void, folder: string) => unknown;
}

/** Creates a repository with a small package, and returns a function that runs `make release` there. */
async function repository({ manifest = {}, lock = '1.2.0', files = {}, afterwards }: Given = {}) {
  const folder = await temporaryFolder();
  const all: Record<string, string | null> = {
    'package.json': JSON.stringify({ ...MANIFEST, ...manifest }),
    'package-lock.json': JSON.stringify({ name: 'small', version: lock, packages: { '': { version: lock } } }),
    'CHANGELOG.md': '# Changelog\n\n## 1.2.0\n\n### Added\n\n- A line.\n\n## 1.1.0\n\n- Older.\n',
    'README.md': '# Small\n',
    LICENSE: 'MIT\n',
    '.gitignore': 'results/\n',
    'bin/small.js': '#!/usr/bin/env node\nconsole.log(`PASS: ${process.argv.slice(2).join(" ")}`);\n',
    ...files,
  };
  await mkdir(join(folder, 'bin'));
  for (const [name, text] of Object.entries(all)) if (text !== null) await writeFile(join(folder, name), text);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe', encoding: 'utf8' });
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.email', 'someone@example.com');
  git('config', 'user.name', 'Someone');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  await afterwards?.(git, folder);
  const release = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('bin/release.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, failed: stdout.split('\n').filter((line) => line.startsWith('✖')), stdout, stderr };
  };
  return { folder, git, release };
}

test('a release is packed, installed in an empty folder, run once and tagged', async () => {
  const { folder, git, release } = await repository();
  const dry = release('--dry');
  expect(dry).toMatchObject({ status: 0, failed: [], stderr: '' });
  expect(dry.stdout).toContain('✔ first run: PASS: demo\n');
  expect(dry.stdout).toContain('v1.2.0 can be released: make release\n');
  expect(git('tag')).toBe('');
  const { status, stdout } = release();
  expect({ status, tags: git('tag') }).toEqual({ status: 0, tags: 'v1.2.0\n' });
  expect(stdout).toContain('git push origin main v1.2.0\n  npm publish ./results/release/small-1.2.0.tgz\n');
  expect(existsSync(join(folder, 'results/release/small-1.2.0.tgz'))).toBe(true);
});

/** What is wrong, and the error of each check that says so. */
const failing: [string, Given, string[]][] = [
  [
    'an existing tag, another lock, an unreleased section, a placeholder for the owner and a changed file',
    {
      manifest: { repository: { url: 'git+https://github.com/OWNER/small.git' } },
      lock: '1.1.0',
      files: { 'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n### Added\n\n- A line.\n' },
      afterwards: async (git, folder) => {
        git('tag', 'v1.2.0');
        await writeFile(join(folder, 'README.md'), 'changed');
      },
    },
    [
      'version: the tag v1.2.0 exists already; choose',
      'lock: package-lock.json has the version 1.1.0 and 1.1.0, not 1.2.0: npm install',
      'changelog: the top section of CHANGELOG.md is "Unreleased": rename it to "## 1.2.0"',
      'owner: package.json: replace OWNER by the owner',
      'tree: there are uncommitted changes: commit them',
    ],
  ],
  [
    'an older version, which was released, a placeholder in a page and another branch',
    {
      files: {
        'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n## 1.2.0\n\n### Added\n\n- A line.\n',
        'README.md': 'uses: OWNER/small@v1\n',
      },
      afterwards: (git) => {
        git('tag', 'v1.10.0');
        git('switch', '--create', 'b');
      },
    },
    [
      'version: v1.2.0 is older than the tag v1.10.0',
      'changelog: CHANGELOG.md has an older section "## 1.2.0": choose a newer version',
      'owner: README.md: replace OWNER by the owner',
      'tree: this is the branch "b": git switch',
    ],
  ],
  [
    'an empty section and no repository',
    {
      manifest: { repository: undefined },
      files: { 'CHANGELOG.md': '# Changelog\n\n## 1.2.0\n\n## 1.1.0\n\n- A line.\n' },
    },
    ['changelog: the section 1.2.0 of CHANGELOG.md is empty', 'owner: package.json has repository.url ""'],
  ],
  [
    'no version, and entries without a group',
    {
      manifest: { version: '1.2' },
      lock: '1.2',
      files: { 'CHANGELOG.md': '# Changelog\n\n## 1.2\n\n- A line.\n\n### Added\n\n- Another.\n' },
    },
    [
      'version: package.json has the version "1.2": npm version 1.2.3',
      'changelog: CHANGELOG.md has entries above the first group',
    ],
  ],
  [
    'a secret file, and another operating system',
    { files: { 'bin/key.pem': 'x' }, manifest: { os: ['win32'] } },
    [
      'tarball: it contains bin/key.pem: exclude them in "files"',
      'install: npm install failed in an empty folder:',
      'first run: not tried, because it is not installed',
    ],
  ],
  [
    'a missing file, and a program that fails',
    { files: { LICENSE: null, 'bin/small.js': '#!/usr/bin/env node\nthrow new Error("broken");\n' } },
    [
      'tarball: it lacks LICENSE: add them to "files"',
      'first run: npx small demo ends with exit code 1 in a new project',
    ],
  ],
];

test.each(failing)('with %s, nothing is tagged, and the error says what to do', async (_, given, messages) => {
  const { git, release } = await repository(given);
  const before = git('tag');
  const { status, failed, stderr } = release();
  expect(failed).toEqual(messages.map((message) => expect.stringContaining(`✖ ${message}`)));
  expect({ status, tags: git('tag') }).toEqual({ status: 1, tags: before });
  expect(stderr).toMatch(/is not tagged \(docs\/releasing\.md\)/);
});

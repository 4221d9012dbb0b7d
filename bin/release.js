import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';

/**
 * Implements `make release`: checks that the commit in the working directory can be released, and tags it. With `--dry`,
 * it only checks. docs/releasing.md has the steps before and after.
 */
const isDry = process.argv.includes('--dry');
const CHECKED = 'results/release';
const MB = 2 ** 20;
/** The most bytes of the tarball, and of all that a default install adds. */
const MOST = { tarball: 3 * MB, installed: 64 * MB };
const BRANCH = 'main';
/** Files that must never be published. The examples show how to test. */
const UNWANTED =
  /(^|\/)(test|node_modules|results|\.git|\.bundles)\/|(^|\/)\.env$|^(?!examples\/).*\.(test|spec)\.[cm]?[jt]s$|\.(log|tgz|pem)$/;

// npm runs on the machine's own Node, as for those who install the package.
const PATH = process.env.PATH.split(delimiter)
  .filter((folder) => !folder.endsWith(join('node_modules', '.bin')))
  .join(delimiter);

class Problem extends Error {}

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const tag = `v${manifest.version}`;
const folder = mkdtempSync(join(tmpdir(), 'release-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** The checks in order. Each returns what it found, or throws a problem with what to do. */
const QUICK = { version, lock, changelog, owner, tree };
const SLOW = { tarball, install, 'first run': firstRun };
let packed;
let failed = 0;
checkAll(QUICK);
// Only a dry run is for finding everything at once.
if (failed === 0 || isDry) checkAll(SLOW);
if (failed > 0) {
  console.error(`\n${failed} of the checks failed, so ${tag} is not tagged (docs/releasing.md).`);
  process.exit(1);
}
mkdirSync(CHECKED, { recursive: true });
const kept = join(CHECKED, basename(packed));
copyFileSync(packed, kept);
if (isDry) console.log(`\n${tag} can be released: make release`);
else {
  git('tag', '--annotate', tag, '--message', `${manifest.name} ${manifest.version}`);
  console.log(`\nTagged ${tag}. To publish it:\n  git push origin ${BRANCH} ${tag}\n  npm publish ./${kept}`);
}

function checkAll(checks) {
  for (const [name, check] of Object.entries(checks)) {
    try {
      console.log(`✔ ${name}: ${check()}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failed += 1;
      console.log(`✖ ${name}: ${error.message}`);
    }
  }
}

/** Returns the numbers of a version, or undefined if it is none. */
function numbersOf(text) {
  const [, ...numbers] = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?$/.exec(text) ?? [];
  return numbers.length === 3 ? numbers.map(Number) : undefined;
}

function version() {
  const wanted = numbersOf(manifest.version ?? '');
  if (!wanted) {
    throw new Problem(`package.json has the version "${manifest.version}": npm version 1.2.3 --no-git-tag-version`);
  }
  const known = [...git('tag', '--list').split('\n'), ...tagsAtOrigin()].filter((name) => /^v\d/.test(name));
  const bump = `choose a newer version: npm version ${wanted[0]}.${wanted[1]}.${wanted[2] + 1} --no-git-tag-version`;
  if (known.includes(tag)) throw new Problem(`the tag ${tag} exists already; ${bump}`);
  const newer = known.find((name) => isAfter(numbersOf(name.slice(1)) ?? [0, 0, 0], wanted));
  if (newer) throw new Problem(`${tag} is older than the tag ${newer}; ${bump}`);
  return `${manifest.version} is new`;
}

/** Whether the first version is newer. */
function isAfter(a, b) {
  const index = a.findIndex((number, at) => number !== b[at]);
  return index >= 0 && a[index] > b[index];
}

/** Returns the names of the tags of the remote repository, if there is one. */
function tagsAtOrigin() {
  if (!git('remote').split('\n').includes('origin')) return [];
  const { status, stdout, stderr } = spawnSync('git', ['ls-remote', '--tags', 'origin'], { encoding: 'utf8' });
  if (status !== 0) throw new Problem(`git can't list the tags of origin (${stderr.trim()}): connect, and try again`);
  return stdout.split('\n').map((line) => line.replace(/^.*refs\/tags\//, '').replace(/\^\{\}$/, ''));
}

function lock() {
  const { version: own, packages = {} } = readJson('package-lock.json');
  const versions = [own, packages['']?.version];
  if (versions.some((found) => found !== manifest.version)) {
    const update = 'npm install --package-lock-only --ignore-scripts';
    throw new Problem(
      `package-lock.json has the version ${versions.join(' and ')}, not ${manifest.version}: ${update}`,
    );
  }
  return `has ${manifest.version}`;
}

function changelog() {
  const [, top = '', text = ''] = /^## (.+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(read('CHANGELOG.md')) ?? [];
  if (top.trim() !== manifest.version) {
    const isPast = new RegExp(`^## ${RegExp.escape(manifest.version)}\\s*$`, 'm').test(read('CHANGELOG.md'));
    if (isPast) throw new Problem(`CHANGELOG.md has an older section "## ${manifest.version}": choose a newer version`);
    throw new Problem(`the top section of CHANGELOG.md is "${top.trim()}": rename it to "## ${manifest.version}"`);
  }
  if (!/^- /m.test(text))
    throw new Problem(`the section ${top.trim()} of CHANGELOG.md is empty: write what users notice`);
  const [before] = text.split(/^### /m);
  if (/^- /m.test(before)) {
    throw new Problem(`CHANGELOG.md has entries above the first group: move them below "### Added" or another group`);
  }
  return `begins with ${manifest.version}`;
}

function owner() {
  // These name the placeholder, and describe how to replace it.
  const others = ['bin', 'test', 'docs/releasing.md', 'CHANGELOG.md'].map((path) => `:(exclude)${path}`);
  const { stdout } = spawnSync('git', ['grep', '-lIE', '\\bOWNER/', '--', '.', ...others], { encoding: 'utf8' });
  const places = stdout.split('\n').filter(Boolean);
  if (places.length > 0) {
    throw new Problem(
      `${places.join(', ')}: replace OWNER by the owner in the repository's address, such as github.com/OWNER/…`,
    );
  }
  const { url = '' } = manifest.repository ?? {};
  if (!/^git\+https:\/\/[^/]+\/[^/]+\/[^/]+\.git$/.test(url)) {
    throw new Problem(`package.json has repository.url "${url}": write git+https://github.com/<owner>/<name>.git`);
  }
  return url;
}

function tree() {
  const changed = git('status', '--porcelain');
  if (changed) throw new Problem(`there are uncommitted changes: commit them, or git stash -u\n${changed}`);
  const branch = git('branch', '--show-current');
  if (branch !== BRANCH) throw new Problem(`this is the branch "${branch}": git switch ${BRANCH}`);
  const remote = spawnSync('git', ['merge-base', '--is-ancestor', `origin/${BRANCH}`, 'HEAD']).status;
  // 128: there is no such branch.
  if (remote === 1) throw new Problem(`origin/${BRANCH} has other commits: git pull --rebase origin ${BRANCH}`);
  return `clean, on ${BRANCH} at ${git('rev-parse', '--short', 'HEAD')}`;
}

function tarball() {
  // The owner is checked above, with a message for releases.
  const pack = npm(['pack', '--silent', '--pack-destination', folder], { PACK_FOR_TESTS: '1' });
  if (pack.status !== 0) throw new Problem(`npm pack failed:\n${pack.stderr || pack.stdout}`);
  packed = join(folder, pack.stdout.trim().split('\n').at(-1));
  const names = run('tar', ['-tzf', packed])
    .split('\n')
    .map((name) => name.replace(/^package\//, ''));
  const unwanted = names.filter((name) => UNWANTED.test(name));
  if (unwanted.length > 0) throw new Problem(`it contains ${few(unwanted)}: exclude them in "files" of package.json`);
  const missing = promisedFiles().filter((file) => !names.includes(file));
  if (missing.length > 0) throw new Problem(`it lacks ${few(missing)}: add them to "files" of package.json`);
  const { size } = statSync(packed);
  if (size > MOST.tarball) {
    throw new Problem(
      `it has ${inMb(size)}, more than ${inMb(MOST.tarball)}: exclude files in "files" of package.json`,
    );
  }
  return `${names.length} files, ${inMb(size)}`;
}

/** Returns the files that package.json names, and those that every package must have. */
function promisedFiles() {
  const { bin = {}, exports = {} } = manifest;
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );
  const named = [...Object.values(bin), ...targets].map((file) => file.replace(/^\.\//, ''));
  const shipped = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json'];
  return [...new Set([...named.filter((file) => !file.includes('*')), ...shipped])];
}

/** Installs the package as a newcomer does: in an empty folder, and with an empty cache of npm. */
function install() {
  if (!packed) throw new Problem('not tried, because there is no tarball');
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const own = Number.parseInt(run('node', ['--version']).slice(1), 10);
  const node = own >= 24 || !manifest.devDependencies?.node ? [] : [`node@${manifest.devDependencies.node}`];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const installed = npm(['install', ...quiet, packed], {}, folder);
  if (installed.status !== 0) throw new Problem(`npm install failed in an empty folder:\n${installed.stderr}`);
  const size = Number.parseInt(run('du', ['-sk', join(folder, 'node_modules')]), 10) * 1_024;
  if (node.length > 0) {
    const { status, stderr } = npm(['install', ...quiet, ...node], {}, folder);
    if (status !== 0) throw new Problem(`npm install ${node} failed:\n${stderr}`);
  }
  if (size > MOST.installed) {
    throw new Problem(
      `a default install has ${inMb(size)}, more than ${inMb(MOST.installed)}: make the new dependency optional (docs/releasing.md)`,
    );
  }
  return `${inMb(size)} from an empty cache${node.length > 0 ? `, and ${node}` : ''}`;
}

function firstRun() {
  if (!existsSync(join(folder, 'node_modules', manifest.name)))
    throw new Problem('not tried, because it is not installed');
  const command = [manifest.name, 'demo'];
  const env = { PATH, HOME: process.env.HOME, npm_config_cache: join(folder, 'cache') };
  const { status, stdout, stderr } = spawnSync('npx', ['--no-install', ...command], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Problem(
      `npx ${command.join(' ')} ends with exit code ${status} in a new project: see its output\n${stdout}${stderr}`,
    );
  }
  return stdout.trim().split('\n').at(-1);
}

/** Runs npm with an empty cache. */
function npm(args, variables, cwd = process.cwd()) {
  const env = { ...process.env, PATH, npm_config_cache: join(folder, 'cache'), ...variables };
  return spawnSync('npm', args, { cwd, env, encoding: 'utf8' });
}

function run(command, args) {
  return execFileSync(command, args, { encoding: 'utf8', env: { ...process.env, PATH } }).trim();
}

function git(...args) {
  return run('git', args);
}

function read(file) {
  if (!existsSync(file)) throw new Problem(`there is no ${file}`);
  return readFileSync(file, 'utf8');
}

function readJson(file) {
  return JSON.parse(read(file));
}

function few(names) {
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}

function inMb(bytes) {
  return `${(bytes / MB).toFixed(1)} MB`;
}

#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { join } from 'node:path';

const NEEDED = 24;

/** A file of the npm package `node` beside proofload or in the working directory, or undefined if there is none. */
function fileOfNode(name) {
  for (const from of [import.meta.url, join(process.cwd(), 'any.js')]) {
    try {
      return realpathSync(createRequire(from).resolve(`node/${name}`));
    } catch {}
  }
  return undefined;
}

/** The Node of the npm package `node`, or undefined if that is not installed or runs this already. */
function installedNode() {
  const node = fileOfNode('bin/node');
  return node === realpathSync(process.execPath) ? undefined : node;
}

/** How to get a newer Node, in the words of the package manager that runs this. */
function howToGetNode() {
  const isPnpm = /^pnpm/.test(process.env.npm_config_user_agent ?? '');
  if (fileOfNode('package.json')) {
    const run = isPnpm ? 'pnpm approve-builds' : 'npm rebuild node --ignore-scripts=false';
    return `The package node is installed, but its install script did not run: ${run}`;
  }
  // To newer versions of pnpm, node@24 is a runtime that it downloads from elsewhere than the registry.
  return `Install it: ${isPnpm ? 'pnpm add -D --allow-build=node node@npm:' : 'npm i -D '}node@${NEEDED}`;
}

/**
 * Ends this command if npx is ended by SIGTERM. npx runs it in a shell, and passes the signal only to that shell, so
 * the lab or the run would continue on its own.
 */
function endWithNpx() {
  if (process.env.npm_lifecycle_event === 'npx') whenParentEnds(() => process.kill(process.pid, 'SIGTERM'));
}

function whenParentEnds(act) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    act();
  }, 300);
  watch.unref();
}

/** Runs another command instead of this one, forwards signals to it and exits in the same way. */
function runInstead(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    // A terminal sends Ctrl-C to the child as well; twice would end a run without cleaning up.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal));
  }
  // The other command then does what it does if its parent ends: some runs end, too.
  whenParentEnds(() => process.exit());
  child.on('error', ({ message }) => {
    console.error(`ENGINE_NOT_FOUND: ${message}`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Whether this is an installed package, which contains the engine as a bundle. */
const isInstalled = import.meta.url.includes('/node_modules/');

async function start() {
  const args = process.argv.slice(2);
  const runsScript = isScriptRun(args);
  if (runsScript && process.env.ENGINE === 'k6') return runInstead(process.env.K6_BIN || 'k6', args);
  // Older versions of Node, which only start the newer one, don't have this function.
  const { nameCompileCache } = await import('../engine/base/compile-cache.js');
  module.enableCompileCache(nameCompileCache());
  if (runsScript && isInstalled) return import('../bundles/engine/main.js');
  const hook = new URL('strip-types.js', import.meta.url).href;
  // The lab's processes (fakes, database, engine, reaper) are TypeScript as well, and inherit this.
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${hook}`.trim();
  await import(hook);
  if (runsScript) await import('../engine/main.ts');
  else await import('../harness/cli.ts');
}

/** The options of proofload's own `run` whose value may end like a script's name. */
const NO_SCRIPTS = ['--contract', '--command', '--results'];

/**
 * Whether the arguments run a k6 script (`run --vus 5 script.js`, `run -`) and not scenarios of proofload. Only names of
 * scenarios follow `--`.
 */
function isScriptRun([command, ...rest]) {
  const end = rest.indexOf('--');
  const words = end === -1 ? rest : rest.slice(0, end);
  const isScript = (word, index) => /^(-|[^-].*\.[cm]?[jt]s)$/.test(word) && !NO_SCRIPTS.includes(words[index - 1]);
  return command === 'run' && words.some(isScript);
}

endWithNpx();
const { node: version } = process.versions;
if (Number.parseInt(version, 10) >= NEEDED) await start();
else {
  const node = installedNode();
  if (node) runInstead(node, process.argv.slice(1));
  else {
    console.error(`USAGE: this is Node ${version}; proofload needs ${NEEDED} or newer. ${howToGetNode()}`);
    process.exitCode = 2;
  }
}

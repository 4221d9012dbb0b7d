import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';

/**
 * Bundles the programs that the lab starts often, which halves the processor time of a start. The Makefile bundles them
 * for the suites and the tests, and names the folder. `npm pack` bundles only the engine, for the package.
 */
const { NEW_BUNDLES } = process.env;
const folder = NEW_BUNDLES || 'bundles';

/** The package contains no code of others: npm installs its dependencies, each with its license. */
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const isDependency = (id) => Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`));

/** Returns the number of dynamic imports in a module. */
function countImports(file, code) {
  let count = 0;
  const ImportExpression = () => {
    count += 1;
  };
  if (/\bimport\b/.test(code)) new Visitor({ ImportExpression }).visit(parseSync(file, code).program);
  return count;
}

/**
 * Fails the build if a module lacks a dynamic import in the bundle. rolldown evaluates an import whose address it can
 * compute, such as a data URL, and may replace it by a namespace without the exports.
 */
const keepsDynamicImports = () => ({
  name: 'keeps-dynamic-imports',
  async generateBundle(_, files) {
    const chunks = Object.values(files).filter(({ type }) => type === 'chunk');
    for (const [id, { code }] of chunks.flatMap(({ modules }) => Object.entries(modules))) {
      // Some modules are the bundler's own.
      if (!existsSync(id)) continue;
      const inSource = countImports(id, await readFile(id, 'utf8'));
      const left = countImports('module.js', code ?? '');
      const name = relative('.', id);
      if (left < inSource) this.error(`${name}: ${left} of ${inSource} dynamic imports are left in the bundle`);
    }
  },
});

const bundle = (name, input, external) => ({
  input,
  external,
  platform: 'node',
  plugins: [keepsDynamicImports()],
  // How long plugins take says nothing about the code. On a busy machine, it would be a warning.
  checks: { bundlerTimings: false },
  // A warning is about code that may behave differently in the bundle.
  onLog: (level, log, print) => print(level === 'warn' ? 'error' : level, log),
  output: { dir: join(folder, name), cleanDir: true, minify: { mangle: { keepNames: true }, compress: false } },
});

const engine = bundle('engine', ['engine/main.ts', 'engine/workers/thread.ts'], isDependency);
const others = [
  bundle('mocks', ['mocks/main.ts', 'faults/sources/handlers/serve-handlers.ts']),
  bundle('service', ['service/main.ts']),
];

export default NEW_BUNDLES ? [engine, ...others] : engine;

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Bundles the programs that the lab starts often, which halves the processor time of a start. The Makefile bundles them
 * for the suites and the tests, and names the folder. `npm pack` bundles only the engine, for the package.
 */
const { NEW_BUNDLES } = process.env;
const folder = NEW_BUNDLES || 'bundles';

/** The package contains no code of others: npm installs its dependencies, each with its license. */
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const isDependency = (id) => Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`));

const bundle = (name, input, external) => ({
  input,
  external,
  platform: 'node',
  output: { dir: join(folder, name), cleanDir: true, minify: { mangle: { keepNames: true }, compress: false } },
});

const engine = bundle('engine', ['engine/main.ts', 'engine/workers/thread.ts'], isDependency);
const others = [
  bundle('mocks', ['mocks/main.ts', 'faults/sources/handlers/serve-handlers.ts']),
  bundle('service', ['service/main.ts']),
];

export default NEW_BUNDLES ? [engine, ...others] : engine;

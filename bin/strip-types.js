import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Where the package is, with a slash at the end. */
const ROOT = new URL('../', import.meta.url).href;
const OF_OTHERS = `${ROOT}node_modules/`;

/** Node erases types everywhere but under node_modules, which is where an installed package is: its own files are read here. */
registerHooks({
  load(url, context, next) {
    const isOwn = url.startsWith(ROOT) && !url.startsWith(OF_OTHERS) && /\.ts$/.test(url);
    if (!isOwn) return next(url, context);
    const source = quietly(() => stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8')));
    return { format: 'module', source, shortCircuit: true };
  },
});

/** Node warns on each first call that the function is experimental, which nobody who runs the package can act on. */
function quietly(erase) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return erase();
  } finally {
    process.emitWarning = emitWarning;
  }
}

import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { stripTypes } from '../engine/compile/strip-types.js';

/** Where the package is, with a slash at the end. */
const ROOT = new URL('../', import.meta.url).href;
const OF_OTHERS = `${ROOT}node_modules/`;

/**
 * Node erases types everywhere but under node_modules, which is where an installed package is: its own files are read
 * here.
 */
registerHooks({
  load(url, context, next) {
    const isOwn = url.startsWith(ROOT) && !url.startsWith(OF_OTHERS) && /\.ts$/.test(url);
    if (!isOwn) return next(url, context);
    return { format: 'module', source: stripTypes(readFileSync(fileURLToPath(url), 'utf8')), shortCircuit: true };
  },
});

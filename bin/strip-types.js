import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { stripTypes } from '../engine/compile/strip-types.js';

/** Where the package is, with a slash at the end. */
const ROOT = new URL('../', import.meta.url).href;
const OF_OTHERS = `${ROOT}node_modules/`;

/** Whether a file of this package has this URL. */
const isOwn = (url) => url.startsWith(ROOT) && !url.startsWith(OF_OTHERS);

/** Whether a module is imported by its path, in this package or in zod. They consist of hundreds of modules. */
const isByPath = (specifier, { parentURL = '', conditions }) =>
  /^\.\.?\/.*\.[jt]s$/.test(specifier) &&
  conditions.includes('import') &&
  (isOwn(parentURL) || parentURL.includes('/node_modules/zod/'));

/** Whether a module of these folders, which share one, imports zod. Examples in a checkout may have another one. */
const isSharedZod = (specifier, { parentURL = '', conditions }) =>
  specifier === 'zod' && /^(faults|harness|mocks)\//.test(parentURL.replace(ROOT, '')) && conditions.includes('import');

/** Where zod is. More than eighty modules import it, and Node would search for it each time. */
let zod;

/** The 60 languages of zod, which every import of zod loads. */
const LOCALES = '/node_modules/zod/v4/locales/index.js';

/** Returns the source of a module that loads a language when it is used. */
function onDemand(url) {
  const exported = /export \{ default as (\w+) \} from "(.+)\.js";/g;
  const each = 'const _$1 = (...options) => load("$2.cjs")(...options); export { _$1 as $1 };';
  const source = readFileSync(fileURLToPath(url), 'utf8').replace(exported, each);
  return `import { createRequire } from 'node:module'; const load = createRequire(import.meta.url);\n${source}`;
}

/**
 * Node erases types everywhere but under node_modules, which is where an installed package is: its own files are read
 * here. A path is not looked up in several places, as Node does, which takes a fifth of the time of a short command.
 */
registerHooks({
  resolve(specifier, context, next) {
    if (isSharedZod(specifier, context)) {
      zod ??= { ...next(specifier, context), shortCircuit: true };
      return zod;
    }
    if (!isByPath(specifier, context)) return next(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, shortCircuit: true };
  },
  load(url, context, next) {
    if (url.endsWith(LOCALES)) return { format: 'module', source: onDemand(url), shortCircuit: true };
    if (!isOwn(url) || !/\.ts$/.test(url)) return next(url, context);
    return { format: 'module', source: stripTypes(readFileSync(fileURLToPath(url), 'utf8')), shortCircuit: true };
  },
});

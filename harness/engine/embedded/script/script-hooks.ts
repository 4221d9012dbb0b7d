import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { GoError } from '../errors.ts';
import { assertModule, isK6Module, type ModuleExports } from '../modules/module-table.ts';
import { withGlobals } from './with-globals.ts';

/** What the modules of one evaluation of a script import from the engine. */
export interface ScriptWorld {
  module(specifier: string): ModuleExports;
  /** Names that scripts find without an import. */
  readonly globals: Readonly<Record<string, unknown>>;
}

const GLOBALS = 'k6:globals';
const TABLE = Symbol.for('proofload.embedded.worlds');
const worlds = new Map<string, ScriptWorld>();
const sources = new Map<string, string>();
let isInstalled = false;

/**
 * Makes a script importable under a URL of its own, so that it is evaluated anew with a state of its own. Its relative
 * imports come along, and `k6…` imports are answered by the world.
 *
 * @param key Tells the evaluations of a process apart.
 * @returns The URL to import.
 */
export function defineWorld(key: string, world: ScriptWorld, script: URL): string {
  install();
  worlds.set(key, world);
  const url = new URL(script);
  url.searchParams.set('vu', key);
  return url.href;
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  (globalThis as Record<symbol, unknown>)[TABLE] = (key: string, specifier: string) =>
    specifier === GLOBALS ? worlds.get(key)?.globals : worlds.get(key)?.module(specifier);
  registerHooks({
    resolve(specifier, context, next) {
      const key = keyOf(specifier) ?? (context.parentURL === undefined ? undefined : keyOf(context.parentURL));
      if (key === undefined || !worlds.has(key)) return next(specifier, context);
      return { url: resolveIn(key, specifier, context.parentURL), shortCircuit: true };
    },
    load(url, context, next) {
      const key = keyOf(url);
      const world = key === undefined ? undefined : worlds.get(key);
      if (key === undefined || !world) return next(url, context);
      if (url.startsWith('k6:')) return { format: 'module', source: bridge(key, world, url), shortCircuit: true };
      const format = /\.[cm]?ts$/.test(new URL(url).pathname) ? 'module-typescript' : 'module';
      return { format, source: sourceOf(url, Object.keys(world.globals)), shortCircuit: true };
    },
  });
}

const keyOf = (url: string): string | undefined => /[?&]vu=([^&#]+)/.exec(url)?.[1];

function resolveIn(key: string, specifier: string, parent: string | undefined): string {
  if (specifier === GLOBALS) return `${GLOBALS}?vu=${key}`;
  if (isK6Module(specifier)) {
    assertModule(specifier);
    return `k6:${specifier}?vu=${key}`;
  }
  if (/^(\.{0,2}\/|file:)/.test(specifier)) {
    const url = new URL(specifier, parent);
    url.searchParams.set('vu', key);
    return url.href;
  }
  throw new GoError(
    `can't import ${JSON.stringify(specifier)}: scripts import k6 modules and files by relative paths, nothing from packages or from the network`,
  );
}

function sourceOf(url: string, globals: readonly string[]): string {
  const path = fileURLToPath(new URL(url));
  let source = sources.get(path);
  if (source === undefined) {
    source = withGlobals(readFileSync(path, 'utf8'), globals, GLOBALS);
    sources.set(path, source);
  }
  return source;
}

/** A module that hands on what the engine has in memory. */
function bridge(key: string, world: ScriptWorld, url: string): string {
  const specifier = url.startsWith(GLOBALS) ? GLOBALS : url.slice('k6:'.length, url.indexOf('?'));
  const exports = specifier === GLOBALS ? world.globals : world.module(specifier);
  const names = Object.keys(exports).filter((name) => name !== 'default');
  return [
    `const exports = globalThis[Symbol.for('proofload.embedded.worlds')](${JSON.stringify(key)}, ${JSON.stringify(specifier)});`,
    `export const { ${names.join(', ')} } = exports;`,
    'default' in exports ? 'export default exports.default;' : '',
  ].join('\n');
}

import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Runtime } from '../blocking/runtime.ts';
import { GoError } from '../errors.ts';
import { assertModule, isK6Module, type ModuleExports } from '../modules/module-table.ts';
import { compileSource } from './compile-source.ts';
import type { ScriptGlobals } from './global-object.ts';
import { readGraph, readSource } from './read-source.ts';

/** What the modules of one evaluation of a script import from the engine. */
export interface ScriptWorld {
  module(specifier: string): ModuleExports;
  /** Names that scripts find without an import. */
  readonly globals: ScriptGlobals;
  /** For code that was rewritten so that it can wait. */
  readonly runtime: Runtime;
}

const GLOBALS = 'k6:globals';
const RUNTIME = 'k6:runtime';
const TABLE = Symbol.for('proofload.embedded.worlds');
const worlds = new Map<string, ScriptWorld>();
const sources = new Map<string, string>();
/** Whether a script waits: by its URL, and by the key of each of its evaluations. */
const graphs = new Map<string, boolean>();
const waits = new Map<string, boolean>();
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
  waits.set(key, doesWait(script));
  const url = new URL(script);
  url.searchParams.set('vu', key);
  return url.href;
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  (globalThis as Record<symbol, unknown>)[TABLE] = (key: string, specifier: string) =>
    exportsOf(worlds.get(key) as ScriptWorld, specifier);
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
      if (new URL(url).pathname.endsWith('.json')) return next(url, context);
      return { format: 'module', source: sourceOf(url, key, Object.keys(world.globals.values)), shortCircuit: true };
    },
  });
}

const keyOf = (url: string): string | undefined => /[?&]vu=([^&#]+)/.exec(url)?.[1];

function resolveIn(key: string, specifier: string, parent: string | undefined): string {
  if (specifier === GLOBALS || specifier === RUNTIME) return `${specifier}?vu=${key}`;
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

function sourceOf(url: string, key: string, names: readonly string[]): string {
  const file = new URL(url);
  const isWaiting = waits.get(key) === true;
  const id = `${isWaiting} ${fileURLToPath(file)}`;
  let source = sources.get(id);
  if (source === undefined) {
    const modules = { globals: GLOBALS, runtime: RUNTIME };
    source = compileSource(readSource(file), { names, waits: isWaiting, modules });
    sources.set(id, source);
  }
  return source;
}

/** Whether any module of a script waits without an `await`: then all its functions have to be able to. */
function doesWait(script: URL): boolean {
  let found = graphs.get(script.href);
  if (found === undefined) {
    found = readGraph(script).some(({ bindings }) => bindings.any);
    graphs.set(script.href, found);
  }
  return found;
}

/** A module that hands on what the engine has in memory. */
function bridge(key: string, world: ScriptWorld, url: string): string {
  const own = url.slice(0, url.indexOf('?'));
  if (own === GLOBALS) return globalsBridge(key, Object.keys(world.globals.values));
  const specifier = own === RUNTIME ? own : own.slice('k6:'.length);
  const exports = exportsOf(world, specifier) as object;
  const names = Object.keys(exports).filter((name) => name !== 'default');
  return [
    `const exports = ${fromTable(key, specifier)};`,
    `export const { ${names.join(', ')} } = exports;`,
    'default' in exports ? 'export default exports.default;' : '',
  ].join('\n');
}

/** The module of globals: what a script sets on its global object reaches its modules by these bindings. */
function globalsBridge(key: string, names: readonly string[]): string {
  return [
    `const { values, bind } = ${fromTable(key, GLOBALS)};`,
    `let { ${names.map((name) => `${name}: $${name}`).join(', ')} } = values;`,
    `bind((name, value) => { switch (name) { ${names.map((name) => `case '${name}': $${name} = value; break;`).join(' ')} } });`,
    `export { ${names.map((name) => `$${name} as ${name}`).join(', ')} };`,
  ].join('\n');
}

const fromTable = (key: string, specifier: string): string =>
  `globalThis[Symbol.for('proofload.embedded.worlds')](${JSON.stringify(key)}, ${JSON.stringify(specifier)})`;

function exportsOf(world: ScriptWorld, specifier: string): unknown {
  if (specifier === GLOBALS) return world.globals;
  return specifier === RUNTIME ? { runtime: world.runtime } : world.module(specifier);
}

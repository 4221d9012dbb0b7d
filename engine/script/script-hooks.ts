import { registerHooks } from 'node:module';
import { Script } from 'node:vm';
import type { Runtime } from '../blocking/runtime.ts';
import { type BridgeParts, bridgeOf, commonJsBridge, globalsBridge } from '../compile/bridges.ts';
import { compileSource } from '../compile/compile-source.ts';
import { assertModule, isK6Module, type ModuleExports } from '../modules/module-table.ts';
import type { Vu } from '../vu/vu.ts';
import { createScriptGlobals, type ScriptGlobals } from './global-object.ts';
import { type ModuleFunction, ModuleFunctions } from './require.ts';
import { resolveSpecifier, ScriptGraph } from './script-graph.ts';

/** The engine objects that the modules of one evaluation use. */
export interface ScriptWorld {
  readonly vu: Vu;
  module(specifier: string): ModuleExports;
  /** Names that scripts can use without importing them. */
  readonly globals: ScriptGlobals;
  /** The runtime for rewritten code. */
  readonly runtime: Runtime;
}

export interface Evaluation {
  readonly graph: ScriptGraph;
  readonly functions: ModuleFunctions;
  /** Returns a unique import URL for a file, so that it is evaluated again with its own state. */
  urlOf(file: URL): string;
}

const GLOBALS = 'k6:globals';
const RUNTIME = 'k6:runtime';
const TABLE = Symbol.for('proofload.embedded.worlds');
const evaluations = new Map<string, Evaluation & { readonly world: ScriptWorld }>();
const sources = new Map<string, string>();
/** The functions that stand for modules. All VUs share them. */
const moduleFunctions = new Map<string, ModuleFunction>();
/** Module graphs by script URL. */
const graphs = new Map<string, ScriptGraph>();
let isInstalled = false;

/**
 * Makes a script importable under a unique URL, together with its relative imports. Imports of `k6…` resolve to modules
 * of the given world.
 *
 * @param key Distinguishes the evaluations within a process.
 */
export function defineWorld(key: string, given: Omit<ScriptWorld, 'globals'>, script: URL): Evaluation {
  install();
  const graph = graphs.get(script.href) ?? new ScriptGraph(script, given.vu.test.jslib);
  graphs.set(script.href, graph);
  const world = { ...given, globals: createScriptGlobals(given.vu, graph.waits) };
  const { values } = world.globals;
  const functions = new ModuleFunctions(world.vu, {
    module: world.module,
    isImported: (id) => graph.isImported(id),
    shared: graph.shared,
    compile: (file) => functionOf(file, graph, world),
    given: (require) => [world.runtime, require, graph.shared ? values : values.globalThis],
  });
  const evaluation = { world, graph, functions, urlOf: (file: URL) => keyed(file, key) };
  evaluations.set(key, evaluation);
  return evaluation;
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  (globalThis as Record<symbol, unknown>)[TABLE] = exportsOf;
  registerHooks({
    resolve(specifier, context, next) {
      const key = keyOf(specifier) ?? (context.parentURL === undefined ? undefined : keyOf(context.parentURL));
      if (key === undefined || !evaluations.has(key)) return next(specifier, context);
      return { url: resolveIn(key, specifier, context.parentURL), shortCircuit: true };
    },
    load(url, context, next) {
      const key = keyOf(url);
      if (key === undefined || !evaluations.has(key)) return next(url, context);
      return { format: 'module', source: load(key, url), shortCircuit: true };
    },
  });
}

const keyOf = (url: string): string | undefined => /[?&]vu=([^&#]+)/.exec(url)?.[1];

function keyed(file: URL | string, key: string): string {
  const url = new URL(file);
  url.searchParams.set('vu', key);
  return url.href;
}

function fileOf(url: string): URL {
  const file = new URL(url);
  file.search = '';
  return file;
}

function resolveIn(key: string, specifier: string, parent: string | undefined): string {
  if (specifier === GLOBALS || specifier === RUNTIME) return `${specifier}?vu=${key}`;
  const id = resolveSpecifier(specifier, parent, evaluations.get(key)?.world.vu.test.jslib);
  if (!isK6Module(id)) return keyed(id, key);
  assertModule(id);
  return `k6:${id}?vu=${key}`;
}

function load(key: string, url: string): string {
  const { world, graph } = evaluations.get(key) as Evaluation & { world: ScriptWorld };
  const bridge = (id: string): BridgeParts => ({
    exports: `globalThis[Symbol.for('proofload.embedded.worlds')](${JSON.stringify(key)}, ${JSON.stringify(id)})`,
    wanted: graph.wanted(id),
  });
  if (!url.startsWith('k6:')) {
    const file = fileOf(url);
    const source = graph.add(file);
    if (source.kind === 'module') return sourceOf(file, graph, world);
    return commonJsBridge(bridge(file.href), source.exportedNames);
  }
  const own = url.slice(0, url.indexOf('?'));
  if (own === GLOBALS) return globalsBridge(bridge(own), Object.keys(world.globals.values));
  const id = own === RUNTIME ? own : own.slice('k6:'.length);
  return bridgeOf(bridge(id), Object.getOwnPropertyNames(exportsOf(key, id)));
}

function sourceOf(file: URL, graph: ScriptGraph, { globals }: ScriptWorld): string {
  const id = sourceId(file, graph);
  let source = sources.get(id);
  if (source === undefined) {
    const modules = { globals: GLOBALS, runtime: RUNTIME };
    source = compileSource(graph.add(file), {
      names: Object.keys(globals.values),
      waits: graph.waits,
      shared: graph.shared,
      modules,
    });
    sources.set(id, source);
  }
  return source;
}

const sourceId = (file: URL, { waits, shared }: ScriptGraph): string => `${waits} ${shared} ${file.href}`;

/** Returns the function that stands for a module. All VUs share it. */
function functionOf(file: URL, graph: ScriptGraph, world: ScriptWorld): ModuleFunction {
  const id = sourceId(file, graph);
  const known = moduleFunctions.get(id);
  if (known) return known;
  const script = new Script(sourceOf(file, graph, world), { filename: keyed(file, '0') });
  const made = script.runInThisContext() as ModuleFunction;
  moduleFunctions.set(id, made);
  return made;
}

/** As in k6, `import.meta` has only `resolve()`. Its results have no key. */
function limitMeta(meta: ImportMeta): void {
  const { resolve } = meta;
  for (const name of Object.keys(meta)) delete meta[name as keyof ImportMeta];
  meta.resolve = (specifier) => resolve(specifier).replace(/[?&]vu=[^&#]+$/, '');
}

/** Returns the exports of a module that exists only in the engine's memory. */
function exportsOf(key: string, id: string): unknown {
  const { world, functions } = evaluations.get(key) as Evaluation & { world: ScriptWorld; functions: ModuleFunctions };
  if (id === GLOBALS) return world.globals;
  if (id === RUNTIME) {
    return {
      runtime: world.runtime,
      /**
       * Called by each module when its evaluation starts.
       *
       * @returns The module's `require()`.
       */
      begin: (meta: ImportMeta) => {
        const file = fileOf(meta.url);
        world.vu.evaluating = file;
        limitMeta(meta);
        return functions.requireFor(file.href);
      },
    };
  }
  return id.startsWith('file:') ? functions.exportsOf(new URL(id)) : world.module(id);
}

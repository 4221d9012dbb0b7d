import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { EngineError, GoError, USE_K6 } from '../base/errors.ts';
import { createRuntime, type Runtime } from '../blocking/runtime.ts';
import { compileSource } from '../compile/compile-source.ts';
import { createModuleTable, isK6Module, type ModuleExports } from '../modules/module-table.ts';
import type { Vu } from '../vu/vu.ts';
import { createScriptGlobals, type ScriptGlobals } from './global-object.ts';
import { onlyInInit } from './install-globals.ts';
import { resolveSpecifier, ScriptGraph } from './script-graph.ts';

/** See `compile/compile-source.ts`. */
type ModuleFunction = (...given: unknown[]) => (module?: object, exports?: unknown) => unknown;

/** What an import asks for: a module, names, and whether it is the namespace. */
type Wanted = [specifier: string, names: readonly string[], isWhole: boolean];

/** The functions that stand for modules. All VUs share them. */
const functions = new Map<string, ModuleFunction>();
/** Module graphs by script URL. */
const graphs = new Map<string, ScriptGraph>();

/** The modules of one evaluation of a script, which is a VU's init stage. */
export class ScriptModules {
  readonly #vu: Vu;
  readonly #graph: ScriptGraph;
  readonly #globals: ScriptGlobals;
  readonly #runtime: Runtime;
  readonly #k6: (specifier: string) => ModuleExports;
  readonly #instances = new Map<string, { exports: unknown }>();

  /** @throws SyntaxError or GoError if a module can't be read, or imports one that the engine doesn't support */
  constructor(vu: Vu) {
    const { script, jslib } = vu.test;
    this.#vu = vu;
    this.#graph = graphs.get(script.href) ?? new ScriptGraph(script, jslib);
    graphs.set(script.href, this.#graph);
    this.#globals = createScriptGlobals(vu, this.#graph.waits);
    this.#runtime = createRuntime(vu.jobs, vu.limit);
    this.#k6 = createModuleTable(vu);
  }

  /**
   * Returns a module's exports. Evaluates the module on first use. A module that is imported while it runs provides the
   * exports that it has by then.
   *
   * @returns A promise on first use if the module or one that it imports uses top-level `await`.
   */
  load(url: URL): object | Promise<object> {
    const known = this.#instances.get(url.href);
    if (known) return known.exports as object;
    const module: { exports: unknown } = { exports: {} };
    this.#instances.set(url.href, module);
    const around = this.#vu.evaluating;
    this.#vu.evaluating = url;
    const leave = () => {
      this.#vu.evaluating = around;
    };
    const fail = (error: unknown): never => {
      this.#instances.delete(url.href);
      throw error;
    };
    let isPending = false;
    try {
      const running = this.#run(url, module);
      isPending = this.#graph.isAsync(url.href);
      if (isPending) return (running as Promise<object>).catch(fail).finally(leave);
      return module.exports as object;
    } catch (error) {
      return fail(error);
    } finally {
      if (!isPending) leave();
    }
  }

  #run(url: URL, module: { exports: unknown }): unknown {
    const { kind } = this.#graph.add(url);
    const exports = kind === 'module' ? Object.create(null, NAMESPACE) : module.exports;
    module.exports = exports;
    const meta = { resolve: (specifier: unknown) => this.#resolve(String(specifier), url.href) };
    const given = [
      (specifiers: readonly string[]) => this.#loadAll(url.href, specifiers),
      (...wanted: Wanted) => this.#import(url.href, ...wanted),
      exporterTo(exports),
      Object.assign(Object.create(null), meta),
      this.#requireFor(url.href),
    ];
    const begin = this.#functionOf(url)(this.#runtime, this.#globals, ...given);
    if (kind === 'module') {
      const finish = () => Object.seal(exports);
      const running = begin();
      return running instanceof Promise ? running.then(finish) : finish();
    }
    begin.call(exports, module, exports);
    if (module.exports === null) throw new GoError("CommonJS's exports must not be null");
    module.exports = Object(module.exports);
    return undefined;
  }

  #functionOf(url: URL): ModuleFunction {
    const { waits } = this.#graph;
    const id = `${waits} ${url.href}`;
    const known = functions.get(id);
    if (known) return known;
    const how = { names: Object.keys(this.#globals.values), waits, isAsync: this.#graph.isAsync(url.href) };
    // The query distinguishes the script's frames in a stack.
    const script = new Script(compileSource(this.#graph.add(url), how), { filename: `${url.href}?vu=0` });
    const made = script.runInThisContext() as ModuleFunction;
    functions.set(id, made);
    return made;
  }

  #resolve(specifier: string, parent: string): string {
    return resolveSpecifier(specifier, parent, this.#vu.test.jslib);
  }

  /** Evaluates the imports of a module. As in k6, all of them run before a missing name is reported. */
  #loadAll(parent: string, specifiers: readonly string[]): void | Promise<void> {
    const files = specifiers.map((specifier) => this.#resolve(specifier, parent)).filter((id) => !isK6Module(id));
    const missing: MissingName[] = [];
    const note = (error: unknown): void => {
      if (!(error instanceof MissingName)) throw error;
      missing.push(error);
    };
    const end = (): void => {
      if (missing[0]) throw missing[0];
    };
    if (this.#graph.isAsync(parent)) {
      const inOrder = files.reduce<Promise<unknown>>(
        (before, id) => before.then(() => this.load(new URL(id))).then(() => {}, note),
        Promise.resolve(),
      );
      return inOrder.then(end);
    }
    for (const id of files) {
      try {
        this.load(new URL(id));
      } catch (error) {
        note(error);
      }
    }
    end();
  }

  #import(parent: string, ...[specifier, names, isWhole]: Wanted): object {
    const id = this.#resolve(specifier, parent);
    if (isK6Module(id)) return Object.freeze(this.#k6(id));
    const url = new URL(id);
    const { kind, changing } = this.#graph.add(url);
    // It has been loaded.
    const exports = this.load(url);
    if (kind === 'commonjs') return namespaceOf(exports, isWhole);
    for (const name of names) {
      if (conflicts.get(exports)?.has(name))
        throw new MissingName(
          `The requested module '${specifier}' contains conflicting star exports for name '${name}'`,
        );
      if (!(name in exports))
        throw new MissingName(`The requested module '${specifier}' does not provide an export named '${name}'`);
      if (changing.includes(name)) throw changes(specifier, name);
    }
    return exports;
  }

  /** @param parent The URL of the module that calls `require()`. */
  #requireFor(parent: string): (specifier: string) => unknown {
    return (specifier) => {
      if (this.#vu.phase !== 'init') throw onlyInInit('require');
      if (specifier === '') throw new GoError("require() can't be used with an empty specifier");
      const id = this.#resolve(String(specifier), parent);
      this.#assertLoaded(id, specifier);
      if (isK6Module(id)) return this.#k6(id).default;
      const url = new URL(id);
      url.search = '';
      if (!existsSync(url)) {
        throw new GoError(`The moduleSpecifier ${JSON.stringify(specifier)} couldn't be found on local disk`);
      }
      this.#graph.add(url);
      if (this.#graph.isAsync(url.href)) {
        throw new GoError(`can't require ${fileURLToPath(url)}: it uses top-level await; import it instead`);
      }
      return this.load(url);
    };
  }

  /** As in k6, a VU can require only modules that the script loaded before the VUs were created. */
  #assertLoaded(id: string, specifier: string): void {
    const { id: vu, test } = this.#vu;
    if (vu === 0) test.loaded.add(id);
    else if (!test.loaded.has(id) && !this.#graph.isImported(id)) {
      const problem = 'was not previously resolved during initialization (__VU==0)';
      throw new GoError(`the module ${JSON.stringify(specifier)} ${problem}`);
    }
  }
}

const NAMESPACE: PropertyDescriptorMap = { [Symbol.toStringTag]: { value: 'Module' } };

/** As in k6, a module that lacks an imported name does not keep others from running. */
class MissingName extends SyntaxError {}

/** The names that several `export *` of a module provide, so that it exports none of them. */
const conflicts = new WeakMap<object, Set<string>>();

/** Returns the function that adds exports to a module: its own ones, or all of another module except the default. */
function exporterTo(exports: object): (from: object, isOther?: boolean) => void {
  const own = new Set<string>();
  const conflicting = new Set<string>();
  conflicts.set(exports, conflicting);
  return (from, isOther = false) => {
    for (const name of Object.keys(from)) {
      if (isOther && (name === 'default' || own.has(name) || conflicting.has(name))) continue;
      if (!isOther) own.add(name);
      const get = Object.getOwnPropertyDescriptor(from, name)?.get ?? (() => Reflect.get(from, name));
      const before = Object.getOwnPropertyDescriptor(exports, name)?.get;
      if (before && before !== get) {
        conflicting.add(name);
        Reflect.deleteProperty(exports, name);
      } else Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });
    }
  };
}

/** Returns what ES modules import from a CommonJS module. The namespace has a default only if the module exports it. */
function namespaceOf(exports: object, isWhole: boolean): object {
  const getters = Object.keys(exports)
    .sort()
    .map((name) => [name, { enumerable: true, get: (): unknown => Reflect.get(exports, name) }]);
  const hasDefault = isWhole || 'default' in exports;
  return Object.create(exports, {
    ...Object.fromEntries(getters),
    ...(!hasDefault && { default: { value: exports } }),
  });
}

const changes = (specifier: string, name: string): EngineError =>
  new EngineError(
    'NOT_AVAILABLE',
    `can't import ${JSON.stringify(name)} of ${specifier} by its name in the embedded engine, because a function there assigns it later: import * as a namespace, or ${USE_K6}`,
  );

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GoError } from '../base/errors.ts';
import { readSource } from '../compile/read-source.ts';
import { isK6Module, type ModuleExports } from '../modules/module-table.ts';
import type { Vu } from '../vu/vu.ts';
import { onlyInInit } from './install-globals.ts';
import { resolveSpecifier } from './script-graph.ts';

/** The functions that `require()` needs from the script's evaluation. */
export interface RequireHost {
  /** Returns the exports of a k6 module. */
  module(specifier: string): ModuleExports;
  /** Whether a module imports a k6 module or a file, given by its URL. */
  isImported(id: string): boolean;
  /** Whether functions stand for the script's ES modules. */
  readonly shared: boolean;
  /** Compiles a module to a function that returns a function with the module's body. */
  compile(file: URL): ModuleFunction;
  /** Returns the arguments for the outer function: the runtime, `require`, and an object with the globals. */
  given(require: Require): unknown[];
}

export type Require = (specifier: string) => unknown;

/** See `compile/compile-source.ts` and `compile/function-of-module.ts`. */
export type ModuleFunction = (...given: unknown[]) => (module?: object, exports?: unknown) => unknown;

/** The modules of one script evaluation that run as functions. */
export class ModuleFunctions {
  readonly #vu: Vu;
  readonly #host: RequireHost;
  readonly #instances = new Map<string, { exports: unknown }>();
  /** The results of evaluating required ES modules, by URL without a query. */
  readonly namespaces = new Map<string, { exports: unknown } | { error: unknown }>();

  constructor(vu: Vu, host: RequireHost) {
    this.#vu = vu;
    this.#host = host;
  }

  /** @param parent The URL of the module that calls `require()`. */
  requireFor(parent: string): Require {
    return (specifier) => {
      if (this.#vu.phase !== 'init') throw onlyInInit('require');
      if (specifier === '') throw new GoError("require() can't be used with an empty specifier");
      const id = resolveSpecifier(String(specifier), parent, this.#vu.test.jslib);
      this.#assertLoaded(id, specifier);
      if (isK6Module(id)) return this.#host.module(id).default;
      const url = new URL(id);
      url.search = '';
      if (!existsSync(url)) {
        throw new GoError(`The moduleSpecifier ${JSON.stringify(specifier)} couldn't be found on local disk`);
      }
      return readSource(url).kind === 'commonjs' ? this.exportsOf(url) : this.#namespaceOf(url);
    };
  }

  /** As in k6, a VU can only require what the script also loaded before the VUs were created. */
  #assertLoaded(id: string, specifier: string): void {
    const { id: vu, test } = this.#vu;
    if (vu === 0) test.loaded.add(id);
    else if (!test.loaded.has(id) && !this.#host.isImported(id)) {
      const problem = 'was not previously resolved during initialization (__VU==0)';
      throw new GoError(`the module ${JSON.stringify(specifier)} ${problem}`);
    }
  }

  /** Provides the imports of ES modules that run as functions. Every import is known to exist. */
  #importFor(parent: string): Require {
    return (specifier) => {
      const id = resolveSpecifier(specifier, parent, this.#vu.test.jslib);
      return isK6Module(id) ? Object.freeze(this.#host.module(id)) : this.exportsOf(new URL(id));
    };
  }

  /**
   * Returns a module's exports. Evaluates the module on first use.
   *
   * @param url The URL without a query.
   */
  exportsOf(url: URL): object {
    const known = this.#instances.get(url.href);
    if (known) return known.exports as object;
    const module: { exports: unknown } = { exports: {} };
    this.#instances.set(url.href, module);
    const around = this.#vu.evaluating;
    this.#vu.evaluating = url;
    try {
      this.#run(url, module);
    } catch (error) {
      this.#instances.delete(url.href);
      throw error;
    } finally {
      this.#vu.evaluating = around;
    }
    if (module.exports === null) throw new GoError("CommonJS's exports must not be null");
    module.exports = Object(module.exports);
    return module.exports as object;
  }

  #run(url: URL, module: { exports: unknown }): void {
    const { shared, compile, given } = this.#host;
    const begin = compile(url);
    if (shared) module.exports = Object.freeze(begin(...given(this.#importFor(url.href)))());
    else begin(...given(this.requireFor(url.href))).call(module.exports, module, module.exports);
  }

  #namespaceOf(url: URL): unknown {
    const found = this.namespaces.get(url.href);
    if (!found) {
      throw new GoError(
        `can't require ${fileURLToPath(url)}: it has import or export, and so is only found by a require() with its path written out`,
      );
    }
    if ('error' in found) throw found.error;
    return found.exports;
  }
}

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { GoError, USE_K6 } from '../base/errors.ts';
import { readSource, type ScriptSource } from '../compile/read-source.ts';
import { assertModule, isK6Module } from '../modules/module-table.ts';

/** A script and the modules that it imports or requires, as far as the source shows them. */
export class ScriptGraph {
  readonly #sources = new Map<string, ScriptSource>();
  readonly #imported = new Set<string>();
  readonly #asyncs = new Map<string, boolean>();
  /** Whether any module blocks without `await`. If so, every function must be able to block. */
  readonly waits: boolean;
  readonly #jslib: URL | undefined;

  /**
   * @param jslib The folder with copies of the modules of jslib.k6.io.
   * @throws SyntaxError with file, line and column.
   * @throws GoError for an import that the engine does not support
   */
  constructor(script: URL, jslib?: URL) {
    this.#jslib = jslib;
    this.add(script);
    this.waits = [...this.#sources.values()].some(({ bindings }) => bindings.any);
  }

  /** Whether a module imports a k6 module or a file URL. */
  isImported(id: string): boolean {
    return this.#imported.has(id);
  }

  /** Whether a module, or one that it imports, uses top-level `await`. */
  isAsync(href: string): boolean {
    const known = this.#asyncs.get(href);
    if (known !== undefined) return known;
    // Of modules that import each other, one does not wait for the other.
    this.#asyncs.set(href, false);
    const { awaits = false, requests } = this.#sources.get(href) ?? {};
    const imported = requests?.imported.map((specifier) => resolveSpecifier(specifier, href, this.#jslib)) ?? [];
    const isAsync = awaits || imported.some((id) => this.isAsync(id));
    this.#asyncs.set(href, isAsync);
    return isAsync;
  }

  /** Adds a module and those that it imports. Returns the one that is there already, if there is one. */
  add(url: URL): ScriptSource {
    const known = this.#sources.get(url.href);
    if (known) return known;
    const source = readSource(url);
    this.#sources.set(url.href, source);
    for (const specifier of source.requests.imported) {
      const id = resolveSpecifier(specifier, url.href, this.#jslib);
      this.#imported.add(id);
      if (isK6Module(id)) assertModule(id);
      else this.add(new URL(id));
    }
    for (const specifier of source.requests.required) this.#addRequired(specifier, url.href);
    return source;
  }

  /** Adds a required module. Whether the file exists and is valid only matters when `require()` is called. */
  #addRequired(specifier: string, parent: string): void {
    try {
      const id = resolveSpecifier(specifier, parent, this.#jslib);
      if (!isK6Module(id)) this.add(new URL(id));
    } catch {}
  }
}

const JSLIB = 'https://jslib.k6.io/';

const ownPackage = createRequire(import.meta.url);

/** Returns the URL of an imported file, if it is one. `proofload/…` is a file of this package, anywhere. */
function fileOf(specifier: string, parent: string | undefined, jslib: URL | undefined): string | undefined {
  if (/^(\.{0,2}\/|file:)/.test(specifier)) return new URL(specifier, parent).href;
  if (jslib && specifier.startsWith(JSLIB)) return new URL(`.${new URL(specifier).pathname}`, jslib).href;
  return specifier.startsWith('proofload/') ? pathToFileURL(ownPackage.resolve(specifier)).href : undefined;
}

/**
 * Resolves a specifier.
 *
 * @param jslib The folder with copies of the modules of jslib.k6.io.
 * @returns The name of a k6 module or the URL of a file.
 * @throws GoError for packages and remote modules
 */
export function resolveSpecifier(specifier: string, parent: string | undefined, jslib: URL | undefined): string {
  if (isK6Module(specifier)) return specifier;
  const file = fileOf(specifier, parent, jslib);
  if (file !== undefined) return file;
  const instead = specifier.startsWith(JSLIB)
    ? `copy the files of jslib.k6.io to a folder and pass --jslib DIR, or ${USE_K6}`
    : `import k6 modules, and files by relative paths, or ${USE_K6}`;
  throw new GoError(
    `can't import ${JSON.stringify(specifier)}: the embedded engine loads nothing from packages or from the network; ${instead}`,
  );
}

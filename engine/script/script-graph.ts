import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { GoError, USE_K6 } from '../base/errors.ts';
import { isFile } from '../compile/namespace-imports.ts';
import { readSource, type ScriptSource } from '../compile/read-source.ts';
import { hasModule, isK6Module } from '../modules/module-table.ts';

/**
 * A script's main module and every module that it imports or requires by relative path, as far as this can be
 * determined statically.
 */
export class ScriptGraph {
  readonly #sources = new Map<string, ScriptSource>();
  readonly #wanted = new Map<string, Set<string>>();
  readonly #required = new Set<string>();
  /** Whether any module blocks without `await`. If so, every function must be able to block. */
  readonly waits: boolean;
  /** Whether functions that all VUs share can stand for all modules. If not, each VU has its own native modules. */
  readonly shared: boolean;
  readonly #jslib: URL | undefined;

  /**
   * @param jslib The folder with copies of the modules of jslib.k6.io.
   * @throws SyntaxError with file, line and column.
   */
  constructor(script: URL, jslib?: URL) {
    this.#jslib = jslib;
    this.add(script);
    this.waits = [...this.#sources.values()].some(({ bindings }) => bindings.any);
    this.shared = this.#canShare(script.href);
  }

  /** Returns the names that the script imports from a k6 module or from a file URL. */
  wanted(of: string): ReadonlySet<string> {
    return this.#wanted.get(of) ?? new Set();
  }

  /** Whether a module imports a k6 module or a file URL. */
  isImported(id: string): boolean {
    return this.#wanted.has(id);
  }

  /** The URLs of ES modules that are loaded with `require()`. */
  get requiredModules(): string[] {
    return [...this.#required].filter((href) => this.#sources.get(href)?.kind === 'module');
  }

  /** Adds a module that is not mentioned in any source. */
  add(url: URL): ScriptSource {
    const known = this.#sources.get(url.href);
    if (known) return known;
    const source = readSource(url);
    this.#sources.set(url.href, source);
    for (const [specifier, names] of source.requests.imported) {
      const file = fileOf(specifier, url.href, this.#jslib);
      const id = file ?? specifier;
      this.#wanted.set(id, new Set([...this.wanted(id), ...names]));
      if (file !== undefined) this.add(new URL(file));
    }
    for (const specifier of source.requests.required) this.#addRequired(specifier, url.href);
    return source;
  }

  /** @param known The results so far. A module that is imported before it has run counts as not shareable. */
  #canShare(href: string, known = new Map<string, boolean>()): boolean {
    const result = known.get(href);
    if (result !== undefined) return result;
    known.set(href, false);
    const source = this.#sources.get(href);
    const isKnown = (specifier: string, names: ReadonlySet<string>) => {
      const file = fileOf(specifier, href, this.#jslib);
      if (file === undefined) return hasModule(specifier);
      const exported = this.#sources.get(file)?.exportedNames;
      return [...names].every((name) => name === '*' || exported?.has(name)) && this.#canShare(file, known);
    };
    const can =
      source?.canBeFunction === true && [...source.requests.imported].every((imported) => isKnown(...imported));
    known.set(href, can);
    return can;
  }

  /** Adds a required module. Whether the file exists and is valid only matters when `require()` is called. */
  #addRequired(specifier: string, parent: string): void {
    try {
      const file = fileOf(specifier, parent, this.#jslib);
      if (file === undefined) return;
      this.add(new URL(file));
      this.#required.add(file);
    } catch {}
  }
}

const JSLIB = 'https://jslib.k6.io/';

const ownPackage = createRequire(import.meta.url);

/**
 * Returns the URL of an imported file, or undefined if the specifier names no file. `proofload/…` is a file of this
 * package, wherever the script is.
 */
function fileOf(specifier: string, parent: string | undefined, jslib: URL | undefined): string | undefined {
  if (isFile(specifier)) return new URL(specifier, parent).href;
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

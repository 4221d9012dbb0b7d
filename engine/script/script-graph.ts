import { GoError } from '../base/errors.ts';
import { readSource, type ScriptSource } from '../compile/read-source.ts';
import { isK6Module } from '../modules/module-table.ts';

/** A script's module, and all that it imports and requires by relative paths, as far as the sources say it. */
export class ScriptGraph {
  readonly #sources = new Map<string, ScriptSource>();
  readonly #wanted = new Map<string, Set<string>>();
  readonly #required = new Set<string>();
  readonly #waits: boolean;

  /** @throws SyntaxError with file, line and column. */
  constructor(script: URL) {
    this.add(script);
    this.#waits = [...this.#sources.values()].some(({ bindings }) => bindings.any);
  }

  /** Whether any module waits without an `await`: then all functions have to be able to. */
  get waits(): boolean {
    return this.#waits;
  }

  /** The names that modules import of one of k6's, or of a file by its URL. */
  wanted(of: string): ReadonlySet<string> {
    return this.#wanted.get(of) ?? new Set();
  }

  /** URLs of modules of the language that are required. */
  get requiredModules(): string[] {
    return [...this.#required].filter((href) => this.#sources.get(href)?.kind === 'module');
  }

  /** Adds a module that no source spoke of. */
  add(url: URL): ScriptSource {
    const known = this.#sources.get(url.href);
    if (known) return known;
    const source = readSource(url);
    this.#sources.set(url.href, source);
    for (const [specifier, names] of source.requests.imported) {
      const id = isFile(specifier) ? new URL(specifier, url).href : specifier;
      this.#wanted.set(id, new Set([...this.wanted(id), ...names]));
      if (isFile(specifier)) this.add(new URL(id));
    }
    for (const specifier of source.requests.required) {
      if (isFile(specifier)) this.#addRequired(new URL(specifier, url));
    }
    return source;
  }

  /** Whether it is there, and a module at all, matters only once it is required. */
  #addRequired(url: URL): void {
    try {
      this.add(url);
      this.#required.add(url.href);
    } catch {}
  }
}

const isFile = (specifier: string): boolean => /^(\.{0,2}\/|file:)/.test(specifier);

/**
 * Finds what a specifier stands for.
 *
 * @returns One of k6's modules by its name, or a file's URL.
 * @throws GoError for packages and what is in the network.
 */
export function resolveSpecifier(specifier: string, parent: string | undefined): string {
  if (isK6Module(specifier)) return specifier;
  if (isFile(specifier)) return new URL(specifier, parent).href;
  throw new GoError(
    `can't import ${JSON.stringify(specifier)}: scripts import k6 modules and files by relative paths, nothing from packages or from the network`,
  );
}

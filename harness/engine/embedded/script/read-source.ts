import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Program, parse } from 'acorn';
import { type BlockingBindings, findBlockingBindings } from '../blocking/blocking-bindings.ts';
import { eraseTypes } from './erase-types.ts';
import { type Locate, locateBy, type Position } from './positions.ts';

/** One module of a script, read and parsed. */
export interface ScriptSource {
  readonly path: string;
  readonly bindings: BlockingBindings;
  /** The specifiers of what it imports, as far as the source says them. */
  readonly imports: readonly string[];
  /** Parses it anew: who has the tree may change it. @param given.locations Whether nodes have lines and columns. */
  parse(given: { locations: boolean }): Program;
  /** Where something of the parsed text is in the file. */
  locate(position: Position): Position;
  /** As `locate`, for an offset in the parsed text. */
  locateOffset(offset: number): Position;
}

const read = new Map<string, ScriptSource>();

/**
 * Reads a module of a script. Of TypeScript, JavaScript is made first.
 *
 * @throws SyntaxError with file, line and column, where it is no module.
 */
export function readSource(url: URL): ScriptSource {
  const path = fileURLToPath(url);
  const known = read.get(path);
  if (known) return known;
  const source = sourceOf(path, readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  read.set(path, source);
  return source;
}

function sourceOf(path: string, file: string): ScriptSource {
  const { text, mappings } = /\.[cm]?ts$/.test(path) ? eraseTypes(path, file) : { text: file, mappings: null };
  let find: Locate | null = null;
  const locate: Locate = (position) => {
    if (mappings === null) return position;
    find ??= locateBy(mappings);
    return find(position);
  };
  let first: Program | null = parseModule(path, text, locate, false);
  return {
    path,
    bindings: findBlockingBindings(first),
    imports: importsOf(first),
    parse({ locations }) {
      const program = locations ? null : first;
      if (program) first = null;
      return program ?? parseModule(path, text, locate, locations);
    },
    locate,
    locateOffset(offset) {
      const before = text.slice(0, offset).split('\n');
      return locate({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1 });
    },
  };
}

function parseModule(path: string, text: string, locate: Locate, locations: boolean): Program {
  try {
    return parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations });
  } catch (error) {
    const { loc, message } = error as { loc?: { line: number; column: number }; message: string };
    if (!loc) throw error;
    const { line, column } = locate({ line: loc.line, column: loc.column + 1 });
    throw new SyntaxError(`${path}:${line}:${column}: ${message.replace(/ \(\d+:\d+\)$/, '')}`);
  }
}

/** A script's module, and all that it imports by relative paths, as far as the source says it. */
export function readGraph(script: URL): ScriptSource[] {
  const seen = new Map<string, ScriptSource>();
  const add = (url: URL): void => {
    if (seen.has(url.href)) return;
    const source = readSource(url);
    seen.set(url.href, source);
    for (const specifier of source.imports) {
      if (/^(\.{0,2}\/|file:)/.test(specifier) && !specifier.endsWith('.json')) add(new URL(specifier, url));
    }
  };
  add(script);
  return [...seen.values()];
}

const importsOf = (program: Program): string[] =>
  program.body.flatMap((statement) =>
    'source' in statement && statement.source ? [String(statement.source.value)] : [],
  );

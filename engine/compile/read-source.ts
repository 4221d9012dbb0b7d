import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Program } from 'acorn';
import { type BlockingBindings, findBlockingBindings } from '../blocking/blocking-bindings.ts';
import { findRequests, type Requests } from '../blocking/find-requests.ts';
import { eraseTypes } from './erase-types.ts';
import { findExportedNames } from './find-exported-names.ts';
import { type ModuleKind, parseAs, parseScript } from './parse-script.ts';
import { type Locate, locateBy, type Position } from './positions.ts';

/** One of the script's modules, after reading and parsing. */
export interface ScriptSource {
  readonly path: string;
  readonly kind: ModuleKind;
  readonly bindings: BlockingBindings;
  readonly requests: Requests;
  /** The export names of a CommonJS module that can be determined statically. */
  readonly exportedNames: ReadonlySet<string>;
  /**
   * Parses the text again, so that the caller may modify the tree.
   *
   * @param given.locations Whether nodes include line and column numbers.
   */
  parse(given: { locations: boolean }): Program;
  /** Maps a position in the parsed text to the file. */
  locate(position: Position): Position;
  /** Like `locate`, for an offset in the parsed text. */
  locateOffset(offset: number): Position;
}

const read = new Map<string, ScriptSource>();

/**
 * Reads one of the script's modules. TypeScript is compiled to JavaScript first.
 *
 * @throws SyntaxError with file, line and column if the source is invalid
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
  const { kind, program } = parseScript(path, text, locate);
  const requests = findRequests(program);
  let first: Program | null = program;
  return {
    path,
    kind,
    bindings: findBlockingBindings(program, requests),
    requests,
    exportedNames: kind === 'commonjs' ? findExportedNames(program) : new Set(),
    parse({ locations }) {
      const parsed = locations ? null : first;
      if (parsed) first = null;
      return parsed ?? parseAs(kind, path, text, locate, locations);
    },
    locate,
    locateOffset(offset) {
      const before = text.slice(0, offset).split('\n');
      return locate({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1 });
    },
  };
}

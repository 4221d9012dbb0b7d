import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from 'acorn';
import { keepText } from '../base/keep-text.js';
import { type BlockingBindings, findBlockingBindings } from '../blocking/blocking-bindings.ts';
import { findRequests, type Requests } from '../blocking/find-requests.ts';
import { COMPILER_ID } from './compiler-id.ts';
import { eraseTypes } from './erase-types.ts';
import { awaitsAtTop, changingExports } from './function-of-module.ts';
import { isTypeScript, type ModuleKind, parseAs, parseScript } from './parse-script.ts';
import { locateBy, type Position } from './positions.ts';

/** One of the script's modules, after reading and parsing. */
export interface ScriptSource {
  readonly path: string;
  /** The text without types. */
  readonly text: string;
  readonly kind: ModuleKind;
  readonly bindings: BlockingBindings;
  readonly requests: Requests;
  /** Whether the module uses top-level `await`. */
  readonly awaits: boolean;
  /** The exported names whose values functions of the module may change. */
  readonly changing: readonly string[];
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

/** The path of a script that is read from standard input (`run -`). Its imports are relative to the working directory. */
const STDIN = resolve('-');

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
  const source = sourceOf(path, readFileSync(path === STDIN ? 0 : path, 'utf8').replace(/^\uFEFF/, ''));
  read.set(path, source);
  return source;
}

/** The facts about a module that are stored without its syntax tree, as JSON. */
interface Facts extends Pick<ScriptSource, 'text' | 'kind' | 'requests' | 'awaits' | 'changing'> {
  /** The mappings of the text's source map if positions changed. */
  readonly mappings: string | null;
  /** See `BlockingBindings`. */
  readonly any: boolean;
}

function sourceOf(path: string, file: string): ScriptSource {
  let first: Program | null = null;
  let found: BlockingBindings | null = null;
  const kept = keepText(`source-${COMPILER_ID}`, `${extname(path)} ${file}`, () => {
    const read = analyse(path, file);
    first = read.program;
    found = read.bindings;
    return JSON.stringify(read.facts);
  });
  const { mappings, any, ...facts } = JSON.parse(kept) as Facts;
  const { text, kind, requests } = facts;
  const locate = locateBy(mappings);
  const bindings = () => {
    found ??= findBlockingBindings(parse(false), requests);
    return found;
  };
  const parse = (locations: boolean) => parseAs(kind, path, text, locate, locations);
  return {
    ...facts,
    path,
    bindings: {
      any,
      isWait: (call) => bindings().isWait(call),
      isCheck: (call) => bindings().isCheck(call),
    },
    parse({ locations }) {
      const parsed = locations ? null : first;
      if (parsed) first = null;
      return parsed ?? parse(locations);
    },
    locate,
    locateOffset(offset) {
      const before = text.slice(0, offset).split('\n');
      return locate({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1 });
    },
  };
}

function analyse(path: string, file: string) {
  const { text, mappings } = isTypeScript(path) ? eraseTypes(path, file) : { text: file, mappings: null };
  const { kind, program } = parseScript(path, text, locateBy(mappings));
  const requests = findRequests(program);
  const bindings = findBlockingBindings(program, requests);
  const facts: Facts = {
    text,
    mappings,
    kind,
    requests,
    any: bindings.any,
    awaits: kind === 'module' && awaitsAtTop(program),
    changing: changingExports(program),
  };
  return { program, bindings, facts };
}

import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Parser, type Program, type Token } from 'acorn';
import { type BlockingBindings, findBlockingBindings } from '../blocking/blocking-bindings.ts';
import { dropTypeNames } from './drop-type-names.ts';

/** One module of a script, read and parsed. */
export interface ScriptSource {
  readonly path: string;
  /** JavaScript; its lines and columns are those of the file. */
  readonly text: string;
  readonly program: Program;
  readonly tokens: readonly Token[];
  readonly bindings: BlockingBindings;
}

const read = new Map<string, ScriptSource>();

/**
 * Reads a module of a script. TypeScript is erased in place.
 *
 * @throws SyntaxError with file, line and column, where it is no module.
 */
export function readSource(url: URL): ScriptSource {
  const path = fileURLToPath(url);
  const known = read.get(path);
  if (known) return known;
  const text = javaScriptOf(path, readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  const tokens: Token[] = [];
  const program = parseModule(path, text, tokens);
  const source = { path, text, program, tokens, bindings: findBlockingBindings(program) };
  read.set(path, source);
  return source;
}

function javaScriptOf(path: string, text: string): string {
  if (!/\.[cm]?ts$/.test(path)) return text;
  const erased = withoutTypes(text);
  return dropTypeNames(erased, parseModule(path, erased, [], ErasedParser));
}

function withoutTypes(text: string): string {
  try {
    return quietly(() => stripTypeScriptTypes(text));
  } catch (error) {
    // What has to be compiled, such as an enum: its lines may move.
    if ((error as { code?: string }).code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw error;
    return quietly(() => stripTypeScriptTypes(text, { mode: 'transform' }));
  }
}

/** Node warns on the first call that the function is experimental, which is nothing that a script's author can act on. */
function quietly(erase: () => string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return erase();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** What acorn's parser tells of an error by; its types leave it out. */
const { raiseRecoverable } = Parser.prototype as unknown as {
  raiseRecoverable(this: Parser, position: number, message: string): void;
};

/** Lets exports of names pass that are not there: they were types. */
export class ErasedParser extends Parser {
  raiseRecoverable(position: number, message: string): void {
    if (!/^Export '.*' is not defined$/.test(message)) raiseRecoverable.call(this, position, message);
  }
}

function parseModule(path: string, text: string, tokens: Token[], parser: typeof Parser = Parser): Program {
  try {
    return parser.parse(text, { ecmaVersion: 'latest', sourceType: 'module', preserveParens: true, onToken: tokens });
  } catch (error) {
    const { loc, message } = error as { loc?: { line: number; column: number }; message: string };
    if (!loc) throw error;
    throw new SyntaxError(`${path}:${loc.line}:${loc.column + 1}: ${message.replace(/ \(\d+:\d+\)$/, '')}`);
  }
}

/** A script's module, and all that it imports by relative paths, as far as the source says it. */
export function readGraph(script: URL): ScriptSource[] {
  const seen = new Map<string, ScriptSource>();
  const add = (url: URL): void => {
    if (seen.has(url.href)) return;
    const source = readSource(url);
    seen.set(url.href, source);
    for (const specifier of importsOf(source.program)) {
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

import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Expression, Program, SpreadElement } from 'acorn';
import { forEachChild, type Node } from '../../../engine/blocking/syntax.ts';
import { eraseTypes } from '../../../engine/compile/erase-types.ts';
import { parseScript } from '../../../engine/compile/parse-script.ts';
import { type Environment, environmentOf } from './environment.ts';

const HELPERS = readFileSync(new URL('bounded.js', import.meta.url), 'utf8');

/** A foreign module after it was made local. */
export interface Localised {
  readonly text: string;
  /** Whether the module could be parsed. If not, it is unchanged. */
  readonly isParsed: boolean;
  /** The specifiers of everything that the module imports. */
  readonly imports: readonly string[];
  /** The paths of files that the module opens, if they are literals. */
  readonly opened: readonly string[];
  readonly environment: Environment;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Changes a foreign module so that it runs in a short time and without other machines: limits its load, shortens its
 * pauses, replaces random numbers, and replaces remote imports. Requests need no change, because the `hosts` option
 * sends them to the local target.
 *
 * @param local Returns the path of the local copy of a remote module, or undefined if there is none.
 */
export function localise(path: string, text: string, local: (url: string) => string | undefined): Localised {
  const parsed = parse(path, text);
  if (!parsed) return { text, isParsed: false, imports: [], opened: [], environment: { read: [], optional: [] } };
  const edits: Edit[] = [];
  const imports: string[] = [];
  const opened: string[] = [];
  const wrap = (node: Expression | SpreadElement | undefined, name: string) => {
    if (node === undefined || node.type === 'SpreadElement') return;
    edits.push({ start: node.start, end: node.start, text: `${name}(` }, { start: node.end, end: node.end, text: ')' });
  };
  const visit = (node: Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      imports.push(specifier.value);
      const copy = local(specifier.value);
      if (copy !== undefined) edits.push({ start: specifier.start, end: specifier.end, text: JSON.stringify(copy) });
    }
    if (node.type === 'CallExpression') {
      const name = nameOf(node.callee);
      const [first] = node.arguments;
      if (name === 'open' && first?.type === 'Literal') opened.push(String(first.value));
      if (name === 'sleep') wrap(first, '$sleepTime');
      if (name === 'setTimeout' || name === 'setInterval') wrap(node.arguments[1], '$timerDelay');
    }
    if (isMathRandom(node)) edits.push({ start: node.start, end: node.end, text: '$random' });
    if (node.type === 'AssignmentExpression' && isExport(node.left)) wrap(node.right, '$bounded');
    forEachChild(node, visit);
  };
  visit(parsed.program);
  for (const options of declaredOptions(parsed.program)) wrap(options, '$bounded');
  const changed = applied(parsed.text, edits);
  return {
    text: edits.length > 0 ? `${changed}\n${HELPERS}` : changed,
    isParsed: true,
    imports,
    opened,
    environment: environmentOf(parsed.program),
  };
}

/** The text keeps its types if they could be removed without moving anything else. */
function parse(path: string, text: string): { text: string; program: Program } | undefined {
  try {
    const erased = /\.[cm]?ts$/.test(extname(path)) ? eraseTypes(path, text) : { text, mappings: null };
    const { program } = parseScript(path, erased.text, (position) => position);
    return { text: erased.mappings === null ? text : erased.text, program };
  } catch {
    return undefined;
  }
}

/** Returns the literal that names the module in an import or a call of `require()`. */
function specifierOf(node: Node): { value: string; start: number; end: number } | undefined {
  const literal =
    node.type === 'CallExpression' && nameOf(node.callee) === 'require'
      ? node.arguments[0]
      : 'source' in node && /^(Import|Export)/.test(node.type)
        ? node.source
        : undefined;
  if (literal?.type !== 'Literal' || typeof literal.value !== 'string') return undefined;
  return { value: literal.value, start: literal.start, end: literal.end };
}

/** The name of a variable, or of a property of any object. */
function nameOf(callee: Node): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : undefined;
}

const isMathRandom = (node: Node): boolean =>
  node.type === 'MemberExpression' &&
  node.object.type === 'Identifier' &&
  node.object.name === 'Math' &&
  nameOf(node) === 'random';

/** Whether a node is `exports.options` or `module.exports.options`. */
const isExport = (node: Node): boolean =>
  node.type === 'MemberExpression' && nameOf(node) === 'options' && nameOf(node.object) === 'exports';

/** The initial values of the module's variables with the name `options`, whether it exports them there or later. */
const declaredOptions = (program: Program): Expression[] =>
  program.body
    .map((node) => (node.type === 'ExportNamedDeclaration' ? node.declaration : node))
    .flatMap((node) => (node?.type === 'VariableDeclaration' ? node.declarations : []))
    .flatMap(({ id, init }) => (id.type === 'Identifier' && id.name === 'options' && init ? [init] : []));

function applied(text: string, edits: readonly Edit[]): string {
  let changed = '';
  let end = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    changed += text.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return changed + text.slice(end);
}

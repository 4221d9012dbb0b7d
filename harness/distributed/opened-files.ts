import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import type { Plugin } from 'rolldown';
import type { ESTree, Visitor } from 'rolldown/utils';
import { messageOf, ProofloadError } from '../base/errors.ts';

/** The bundler's module that walks syntax trees. */
interface Parser {
  readonly Visitor: typeof Visitor;
}

/** The module whose `open` reads files like the global function. */
const FILES = 'k6/experimental/fs';

/**
 * Collects the files that a script opens, and makes the script open them under a new name next to the bundle. k6
 * resolves a path relative to the module that is being evaluated when the file is opened. A path in
 * `import.meta.resolve()` is relative to the module that contains it.
 *
 * @param script The script's path.
 * @param files Receives the contents of the files by name.
 * @param parser The bundler's module with a `Visitor`.
 * @throws ProofloadError NOT_DISTRIBUTABLE, through the bundler, if a path is not a literal or the file can't be read
 */
export function openedFiles(script: string, files: Map<string, Buffer>, parser: Parser): Plugin {
  const names = new Map<string, string>();
  const nameOf = (path: string): string => {
    const known = names.get(path);
    if (known !== undefined) return known;
    const content = readFileSync(path);
    let name = basename(path).replace(/[^-._a-zA-Z0-9]/g, '_');
    for (let copy = 2; files.has(name); copy += 1) {
      name = `${basename(name, extname(name)).replace(/-\d+$/, '')}-${copy}${extname(name)}`;
    }
    names.set(path, name);
    files.set(name, content);
    return name;
  };
  return {
    name: 'opened-files',
    transform(code, id) {
      const replacements: { readonly start: number; readonly end: number; readonly by: string }[] = [];
      const program = this.parse(code, { lang: id.endsWith('.ts') ? 'ts' : 'js' }) as ESTree.Program;
      const refuse = (at: number, why: string): never => {
        const { length: line } = code.slice(0, at).split('\n');
        throw new ProofloadError('NOT_DISTRIBUTABLE', `${id}:${line}: ${why}`);
      };
      for (const { node, path, from } of openedPaths(program, parser)) {
        if (path === undefined) {
          refuse(node.start, 'the path to open must be a literal, so that the file can be copied');
          continue;
        }
        try {
          const places = new Set(from.map((place) => resolve(dirname(place === 'script' ? script : id), path)));
          const there = [...places].filter((place) => existsSync(place));
          if (there.length > 1)
            refuse(node.start, `the file that it opens depends on the caller: ${there.join(' or ')}`);
          const [first = [...places][0] as string] = there;
          replacements.push({ start: node.start, end: node.end, by: JSON.stringify(`./${nameOf(first)}`) });
        } catch (error) {
          refuse(node.start, `it opens a file that can't be read: ${messageOf(error)}`);
        }
      }
      if (replacements.length === 0) return null;
      // Replace from last to first, so that earlier positions stay valid.
      replacements.sort((a, b) => b.start - a.start);
      return {
        code: replacements.reduce((text, { start, end, by }) => text.slice(0, start) + by + text.slice(end), code),
      };
    },
  };
}

interface Opened {
  readonly node: { readonly start: number; readonly end: number };
  /** The path, or undefined if it is not known before the script runs. */
  readonly path: string | undefined;
  /** The modules whose folders the path may be relative to. */
  readonly from: readonly ('script' | 'module')[];
}

function openedPaths(program: ESTree.Program, parser: Parser): Opened[] {
  const modules = new Set<string>();
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== FILES) continue;
    for (const { type, local } of statement.specifiers) if (type !== 'ImportSpecifier') modules.add(local.name);
  }
  const found: Opened[] = [];
  const resolved = new Set<number>();
  let depth = 0;
  const enter = () => {
    depth += 1;
  };
  const leave = () => {
    depth -= 1;
  };
  new parser.Visitor({
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    CallExpression({ callee, arguments: [first] }) {
      const isGlobal = callee.type === 'Identifier' && callee.name === 'open';
      const isFiles =
        callee.type === 'MemberExpression' &&
        callee.object.type === 'Identifier' &&
        modules.has(callee.object.name) &&
        callee.property.type === 'Identifier' &&
        callee.property.name === 'open';
      if (!(isGlobal || isFiles) || !first) return;
      const path = pathIn(first);
      if (path.from === 'module') resolved.add(path.meta);
      const from = path.from === 'module' || isFiles ? [path.from] : ofCaller(depth);
      found.push({ node: first, path: path.text, from });
    },
    // After bundling, `import.meta` would refer to the bundle.
    MetaProperty(node) {
      if (!resolved.has(node.start)) found.push({ node, path: undefined, from: ['module'] });
    },
  }).visit(program);
  return found;
}

/**
 * Returns the modules that may be under evaluation when `open()` is called. Top-level code runs in its own module, but
 * a function may be called by the script.
 */
const ofCaller = (depth: number): Opened['from'] => (depth === 0 ? ['module'] : ['script', 'module']);

/** Returns the path in an argument, which may be a literal or `import.meta.resolve()` with a literal. */
function pathIn(
  node: ESTree.Argument,
): { from: 'script'; text: string | undefined } | { from: 'module'; text: string | undefined; meta: number } {
  if (
    node.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    node.callee.object.type === 'MetaProperty' &&
    node.arguments[0]
  ) {
    return { from: 'module', text: textOf(node.arguments[0]), meta: node.callee.object.start };
  }
  return { from: 'script', text: textOf(node) };
}

function textOf(node: ESTree.Argument): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

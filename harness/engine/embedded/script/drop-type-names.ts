import type { ExportNamedDeclaration, ImportDeclaration, Program } from 'acorn';
import { childrenOf, type Node } from '../blocking/syntax.ts';
import { declaredBy } from './script-globals.ts';

/**
 * Takes out of a module of TypeScript, whose types are erased already, what was but a type: imports that nothing in it uses, with
 * their statement where none of it is left, and exports of names that it does not have. TypeScript does so, and what k6 compiles
 * with: `import { Options } from 'k6/options'` needs no `type`. No line moves.
 */
export function dropTypeNames(text: string, program: Program): string {
  const used = new Set<string>();
  const declared = new Set(program.body.flatMap(declaredBy));
  for (const statement of program.body) if (statement.type !== 'ImportDeclaration') collectUses(statement, used);
  let result = text;
  for (const statement of program.body.toReversed()) {
    let kept: string | undefined;
    if (statement.type === 'ImportDeclaration') kept = keptImports(text, statement, used);
    else if (statement.type === 'ExportNamedDeclaration') kept = keptExports(text, statement, declared);
    if (kept === undefined) continue;
    const { start, end } = statement;
    const lines = (of: string) => of.split('\n').length - 1;
    const padding = '\n'.repeat(Math.max(0, lines(text.slice(start, end)) - lines(kept)));
    result = result.slice(0, start) + kept + padding + result.slice(end);
  }
  return result;
}

/** @returns undefined where all of it is kept. */
function keptImports(text: string, { specifiers, source, end }: ImportDeclaration, used: ReadonlySet<string>) {
  const kept = specifiers.filter(({ local }) => used.has(local.name));
  if (kept.length === specifiers.length) return undefined;
  if (kept.length === 0) return '';
  const written = (node: Node) => text.slice(node.start, node.end);
  const named = kept.filter(({ type }) => type === 'ImportSpecifier').map(written);
  const others = kept.filter(({ type }) => type !== 'ImportSpecifier').map(written);
  const all = named.length > 0 ? [...others, `{ ${named.join(', ')} }`] : others;
  return `import ${all.join(', ')} from ${text.slice(source.start, end)}`;
}

/** @returns undefined where all of it is kept. */
function keptExports(text: string, statement: ExportNamedDeclaration, declared: ReadonlySet<string>) {
  if (statement.source || statement.declaration) return undefined;
  const { specifiers } = statement;
  const kept = specifiers.filter(({ local }) => local.type !== 'Identifier' || declared.has(local.name));
  if (kept.length === specifiers.length) return undefined;
  return `export { ${kept.map(({ start, end }) => text.slice(start, end)).join(', ')} };`;
}

/** Names that stand for a value, and not for a property. */
function collectUses(node: Node, names: Set<string>): void {
  if (node.type === 'Identifier') names.add(node.name);
  const property =
    node.type === 'MemberExpression' && !node.computed
      ? node.property
      : (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') &&
          !node.computed
        ? node.key
        : undefined;
  for (const child of childrenOf(node)) {
    // Of a shorthand, name and value are one.
    const isName = child === property && !(node.type === 'Property' && node.shorthand);
    if (!isName) collectUses(child, names);
  }
}

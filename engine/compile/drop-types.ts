import type { Program } from 'acorn';
import { nameOf, usedNames } from '../blocking/syntax.ts';
import { declaredBy } from './script-globals.ts';

/**
 * Removes imported and exported names that can only be types, like the compiler in k6: imports that the module doesn't
 * use, and exports that it doesn't declare. An import without remaining names is removed.
 *
 * @param program Modified in place.
 * @param text Its source, in which blanks replace types.
 */
export function dropTypes(program: Program, text: string): void {
  const declared = new Set(program.body.flatMap(declaredBy));
  const used = usedNames(program.body.filter(({ type }) => type !== 'ImportDeclaration'));
  program.body = program.body.filter((node) => {
    if (node.type === 'ExportNamedDeclaration' && !node.source)
      node.specifiers = node.specifiers.filter(({ local }) => declared.has(nameOf(local)));
    if (node.type !== 'ImportDeclaration') return true;
    if (node.specifiers.length === 0) return !/\{\s{2,}\}/.test(text.slice(node.start, node.end));
    node.specifiers = node.specifiers.filter(({ local }) => used.has(local.name));
    return node.specifiers.length > 0;
  });
}

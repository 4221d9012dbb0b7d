import { pathToFileURL } from 'node:url';
import type { Program } from 'acorn';
import { id } from '../blocking/nodes.ts';
import { NAMESPACE } from './bridges.ts';
import { readSource, type ScriptSource } from './read-source.ts';

/**
 * Makes `import * as` take the namespace that a bridge provides. The exports of a CommonJS module aren't known before
 * it has run, and k6's modules have a default export that isn't part of their namespace.
 *
 * @param program Modified in place.
 */
export function takeNamespaces(program: Program, source: ScriptSource): void {
  const namespaces = bridgedNamespaces(source);
  const isBridged = (specifier: string): boolean => namespaces.includes(specifier);
  for (const [index, statement] of program.body.entries()) {
    if (statement.type === 'ImportDeclaration') {
      for (const specifier of statement.specifiers) {
        if (specifier.type !== 'ImportNamespaceSpecifier' || !isBridged(String(statement.source.value))) continue;
        Object.assign(specifier, { type: 'ImportSpecifier', imported: id(specifier, NAMESPACE) });
      }
    } else if (statement.type === 'ExportAllDeclaration' && statement.exported) {
      if (!isBridged(String(statement.source.value))) continue;
      const { start, end, source, exported } = statement;
      const specifier = { type: 'ExportSpecifier', start, end, local: id(statement, NAMESPACE), exported };
      const fields = { type: 'ExportNamedDeclaration', start, end, source, specifiers: [specifier], attributes: [] };
      program.body[index] = fields as unknown as typeof statement;
    }
  }
}

/** Whether a specifier is a path or the URL of a file. */
export const isFile = (specifier: string): boolean => /^(\.{0,2}\/|file:)/.test(specifier);

/** Returns the specifiers of the CommonJS and k6 modules that a module imports or exports as a namespace. */
export function bridgedNamespaces({ path, requests }: ScriptSource): string[] {
  const isBridged = (specifier: string): boolean =>
    isFile(specifier)
      ? readSource(new URL(specifier, pathToFileURL(path))).kind === 'commonjs'
      : specifier === 'k6' || specifier.startsWith('k6/');
  return [...requests.imported].flatMap(([specifier, names]) =>
    names.has('*') && isBridged(specifier) ? [specifier] : [],
  );
}

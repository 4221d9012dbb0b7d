import type { ImportDeclaration, Parser, Program } from 'acorn';
import { orNothing } from '../base/or-nothing.ts';
import { type Node, usedNames } from '../blocking/syntax.ts';
import { loadParser } from './parse-script.ts';

/** Offsets in a text. The end is not included. */
type Range = readonly [start: number, end: number];

/**
 * Blanks imported and exported names that can only be types, like the compiler in k6: imports that the module doesn't
 * use, and exports that it doesn't declare. An import without remaining names is removed. Positions stay the same.
 *
 * @param text A module from which type annotations were removed. Any other text is returned as it is.
 * @param original The module with type annotations.
 */
export function blankTypeNames(text: string, original: string): string {
  const undeclared = new Set<number>();
  const program = parse(text, undeclared);
  if (!program) return text;
  const used = usedNames(program.body.filter(({ type }) => type !== 'ImportDeclaration'));
  const ranges = program.body.flatMap((statement): Range[] => {
    if (statement.type === 'ImportDeclaration') {
      const { specifiers, start, end } = statement;
      const hadTypes = original.slice(start, end) !== text.slice(start, end);
      if (specifiers.length === 0) return hadTypes ? [[start, end]] : [];
      return unusedImports(text, statement, used);
    }
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const { specifiers } = statement;
    return specifiers.flatMap(({ local, start }, index) =>
      undeclared.has(local.start) ? [[start, endOfName(text, specifiers, index)] as const] : [],
    );
  });
  return ranges.reduce((before, [start, end]) => {
    return before.slice(0, start) + before.slice(start, end).replace(/[^\r\n]/g, ' ') + before.slice(end);
  }, text);
}

function unusedImports(
  text: string,
  { specifiers, start, end }: ImportDeclaration,
  used: ReadonlySet<string>,
): Range[] {
  const isUnused = specifiers.map(({ local }) => !used.has(local.name));
  if (isUnused.every(Boolean)) return [[start, end]];
  return specifiers.flatMap((specifier, index): Range[] => {
    if (!isUnused[index]) return [];
    switch (specifier.type) {
      case 'ImportDefaultSpecifier':
        return [[specifier.start, specifier.end + text.slice(specifier.end).search(/[{*]/)]];
      case 'ImportNamespaceSpecifier':
        return [[specifiers[index - 1]?.end ?? specifier.start, specifier.end]];
      default:
        return [[specifier.start, endOfName(text, specifiers, index)]];
    }
  });
}

/** Returns the end of a name in braces, including the comma after it. */
const endOfName = (text: string, names: readonly Node[], index: number): number =>
  names[index + 1]?.start ?? text.indexOf('}', names[index]?.end);

/** acorn's method for errors that don't prevent parsing, which is missing from its types. */
type Internals = new (...args: never[]) => Parser & { raiseRecoverable(position: number, message: string): void };

/**
 * Parses a module, and collects the positions of exported names that it doesn't declare. Returns undefined if the text
 * is no module.
 */
function parse(text: string, undeclared: Set<number>): Program | undefined {
  const Collecting = loadParser().extend(
    (base) =>
      class extends (base as unknown as Internals) {
        override raiseRecoverable(position: number, message: string) {
          if (/^Export '.*' is not defined/.test(message)) undeclared.add(position);
          else super.raiseRecoverable(position, message);
        }
      } as unknown as typeof Parser,
  );
  return orNothing(() => Collecting.parse(text, { ecmaVersion: 'latest', sourceType: 'module' }));
}

/**
 * Gives a script's module its own `console`, timers and so on in place of the process's: an import in front of its
 * first line, which moves no line. Names that the module does not use, or declares itself, are left alone.
 *
 * @param names What `from` exports.
 */
export function withGlobals(source: string, names: readonly string[], from: string): string {
  const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(source) && !isDeclared(source, name));
  return used.length === 0 ? source : `import { ${used.join(', ')} } from '${from}'; ${source}`;
}

/** Whether a declaration or an import clause names it. */
function isDeclared(source: string, name: string): boolean {
  return [
    `\\b(?:const|let|var|class|function\\s*\\*?)\\s+${name}\\b`,
    `\\b(?:const|let|var)\\s*[{\\[][^=;]*\\b${name}\\b[^=;]*[}\\]]\\s*=`,
    `\\bimport\\b[^;'"]*\\b${name}\\b[^;'"]*\\bfrom\\b`,
  ].some((pattern) => new RegExp(pattern).test(source));
}

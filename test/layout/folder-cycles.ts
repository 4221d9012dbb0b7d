import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/** An import of a file in another folder. Both paths are relative to the root. */
interface Arrow {
  readonly from: string;
  readonly to: string;
}

/**
 * Returns the folder cycles below a root. Each cycle is a list of the imports that connect its folders, `from -> to`.
 * Type imports count. A file belongs to the folder that directly contains it, so `a/` and `a/b/` are separate folders.
 *
 * @param patterns Globs for the files, relative to the root. Packages below `node_modules` are left out.
 * @throws SyntaxError if a file can't be parsed
 */
export async function folderCycles(root: string, patterns: readonly string[]): Promise<string[][]> {
  const arrows: Arrow[] = [];
  // A bench or an example may have installed its own packages.
  const files = glob([...patterns], { cwd: root, exclude: ['**/node_modules'] });
  for await (const file of files) arrows.push(...(await arrowsOf(root, file)));
  const reached = reachableFrom(arrows);
  const inCircle = arrows.filter(({ from, to }) => reached(dirname(to)).has(dirname(from)));
  const circles = Map.groupBy(inCircle, ({ from }) => [...reached(dirname(from))].sort().join());
  return [...circles.values()].map((circle) => circle.map(({ from, to }) => `${from} -> ${to}`).sort());
}

async function arrowsOf(root: string, file: string): Promise<Arrow[]> {
  const { body } = parseAst(await readFile(join(root, file), 'utf8'), { lang: 'ts' }, file);
  return body
    .flatMap((node) => ('source' in node && node.source ? [node.source.value] : []))
    .filter((source) => source.startsWith('.'))
    .map((source) => ({ from: file, to: relative(root, join(root, dirname(file), source)).replaceAll(sep, '/') }))
    .filter(({ from, to }) => dirname(from) !== dirname(to));
}

/** Returns a function that lists the folders that a folder imports directly or indirectly. */
function reachableFrom(arrows: readonly Arrow[]): (folder: string) => ReadonlySet<string> {
  const imports = Map.groupBy(arrows, ({ from }) => dirname(from));
  const known = new Map<string, ReadonlySet<string>>();
  return (folder) => {
    const before = known.get(folder);
    if (before) return before;
    const reached = new Set<string>();
    const waiting = [folder];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const { to } of imports.get(next) ?? []) {
        if (reached.has(dirname(to))) continue;
        reached.add(dirname(to));
        waiting.push(dirname(to));
      }
    }
    known.set(folder, reached);
    return reached;
  };
}

if (import.meta.main) {
  const circles = await folderCycles('.', process.argv.slice(2));
  for (const circle of circles) console.error(`folders import each other in a circle:\n  ${circle.join('\n  ')}`);
  process.exitCode = circles.length === 0 ? 0 : 1;
}

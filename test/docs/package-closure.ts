/** An installed package in `package-lock.json`. */
interface Locked {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** The `packages` of a `package-lock.json`, by folder, for example `node_modules/express`. */
export type LockedPackages = Readonly<Record<string, Locked>>;

/**
 * Returns the folders for the given packages and for all packages that they need at run time.
 *
 * @throws Error with the name of a required package that is not in the lock file
 */
export function packageClosure(locked: LockedPackages, names: Iterable<string>): string[] {
  const folders = new Set<string>();
  const add = (from: string, name: string, needed: boolean): void => {
    const folder = findFrom(locked, from, name);
    if (folder === undefined) {
      if (needed) throw new Error(`${name}, which ${from || 'the project'} needs, is not in package-lock.json`);
      return;
    }
    if (folders.has(folder)) return;
    folders.add(folder);
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = locked[folder] ?? {};
    for (const dependency of Object.keys(dependencies ?? {})) add(folder, dependency, true);
    for (const dependency of Object.keys(optionalDependencies ?? {})) add(folder, dependency, false);
    for (const peer of Object.keys(peerDependencies ?? {})) {
      if (!peerDependenciesMeta?.[peer]?.optional) add(folder, peer, true);
    }
  };
  for (const name of names) add('', name, true);
  return [...folders].sort();
}

/** Resolves a package like Node: in the folder's `node_modules`, then in those of each parent folder. */
function findFrom(locked: LockedPackages, folder: string, name: string): string | undefined {
  for (let above = folder; ; above = above.slice(0, Math.max(0, above.lastIndexOf('/node_modules/')))) {
    const candidate = `${above === '' ? '' : `${above}/`}node_modules/${name}`;
    if (candidate in locked) return candidate;
    if (above === '') return undefined;
  }
}

import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { type Localised, localise } from './localise.ts';

const MODULE = /\.[cm]?[jt]s$/;
const JSLIB = 'https://jslib.k6.io/';

/** A folder of foreign scripts after its modules were made local. */
export interface LocalFolder {
  readonly root: string;
  /** By path relative to the root. */
  readonly modules: ReadonlyMap<string, Localised>;
  /** The paths of modules that k6 can run. */
  readonly scripts: readonly string[];
}

/**
 * Copies a folder and makes its modules local.
 *
 * @param jslib The folder with copies of the modules of jslib.k6.io, or undefined if there is none. It becomes part of
 *   the copy.
 */
export async function localiseFolder(from: string, root: string, jslib: string | undefined): Promise<LocalFolder> {
  const modules = new Map<string, Localised>();
  const scripts: string[] = [];
  const copies = jslib === undefined ? new Set<string>() : new Set(await filesIn(jslib));
  const copy = async (source: string, into: string) => {
    for (const path of await filesIn(source)) {
      const name = join(into, path);
      const target = join(root, name);
      await mkdir(dirname(target), { recursive: true });
      if (!MODULE.test(path)) {
        await cp(join(source, path), target);
        continue;
      }
      const text = (await readFile(join(source, path), 'utf8')).replace(/^\uFEFF/, '');
      const module = localise(name, text, (url) => {
        const wanted = url.startsWith(JSLIB) ? url.slice(JSLIB.length) : '';
        return copies.has(wanted) ? relativeImport(name, join('jslib', wanted)) : undefined;
      });
      modules.set(name, module);
      if (into === 'scripts' && isScript(text)) scripts.push(name);
      await writeFile(target, module.text);
    }
  };
  if (jslib !== undefined) await copy(jslib, 'jslib');
  await copy(from, 'scripts');
  for (const [name, { opened }] of modules) {
    for (const path of opened) await writeMissing(root, join(dirname(name), path));
  }
  return { root, modules, scripts: scripts.sort() };
}

/** Returns a module and all local modules that it imports, by path. */
export function withImports({ modules }: LocalFolder, path: string): Map<string, Localised> {
  const found = new Map<string, Localised>();
  const add = (name: string): void => {
    const module = modules.get(name);
    if (!module || found.has(name)) return;
    found.set(name, module);
    for (const specifier of module.imports) if (specifier.startsWith('.')) add(join(dirname(name), specifier));
  };
  add(path);
  for (const module of [...found.values()]) {
    const copies = module.text.matchAll(/"((?:\.\.\/)+jslib\/[^"]+)"/g);
    for (const [, specifier = ''] of copies) add(specifier.replace(/^(\.\.\/)+/, ''));
  }
  return found;
}

/** Whether k6 can run a module: it imports one of k6's, and exports something to run. */
const isScript = (text: string): boolean =>
  /(from|import|require\()\s*['"]k6(\/[^'"]*)?['"]/.test(text) &&
  /export\s+default|as\s+default|exports(\.default)?\s*=|\bexec:/.test(text);

/** Contents for files that scripts open and that the folder lacks, by extension. */
const CONTENTS: Readonly<Record<string, string>> = {
  '.json': '[{"id":1,"name":"Ada","username":"ada","password":"secret"},{"id":2,"username":"bob","password":"secret"}]',
  '.csv': 'username,password\nada,secret\nbob,secret\n',
  '.txt': 'text\n',
};

async function writeMissing(root: string, path: string): Promise<void> {
  const content = CONTENTS[extname(path)];
  if (content === undefined || path.startsWith('..')) return;
  await mkdir(dirname(join(root, path)), { recursive: true });
  // It exists.
  await writeFile(join(root, path), content, { flag: 'wx' }).catch(() => {});
}

const relativeImport = (from: string, to: string): string => {
  const path = relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
};

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { Plugin, rolldown as Rolldown } from 'rolldown';
import { findOptional, installCommand } from '../../base/optional-package.ts';
import { Refusal } from '../../base/refusal.ts';

/** A handler file and its local modules, bundled as a single module. Packages are still imported. */
export interface Bundle {
  readonly code: string;
  /** Maps each package specifier to the URL of the module that imports it. */
  readonly importers: ReadonlyMap<string, string>;
}

/**
 * Bundles a handler file. TypeScript, JSX, `paths` in its tsconfig.json, imports without an extension, JSON and images
 * work as they do in the team's own bundler. `import.meta.env` contains this process's environment variables.
 *
 * @throws Refusal `package-missing` if the bundler is not installed
 * @throws Error with the bundler's message if a file can't be found or parsed
 */
export async function bundleHandlers(file: string): Promise<Bundle> {
  try {
    return await bundle(file, true);
  } catch (error) {
    // A tsconfig.json may extend a file that is not installed here. Few handlers need it, so bundle them without it.
    if (reasonOf(error).includes('TSCONFIG_ERROR')) return await bundle(file, false);
    throw error;
  }
}

/** Returns an error's message. The bundler wraps errors and colors their text. */
export function reasonOf(error: unknown): string {
  const [first = error] = (error as { errors?: unknown[] }).errors ?? [];
  return stripVTControlCharacters((first as Error).message);
}

async function bundle(file: string, tsconfig: boolean): Promise<Bundle> {
  const bundler = findOptional('rolldown');
  if (bundler === undefined) {
    throw new Refusal('package-missing', `handlers need the package rolldown: ${installCommand('rolldown')}`);
  }
  const { rolldown } = (await import(bundler)) as { rolldown: typeof Rolldown };
  const importers = new Map<string, string>();
  await using build = await rolldown({
    input: file,
    cwd: dirname(file),
    platform: 'node',
    logLevel: 'silent',
    tsconfig,
    plugins: [packagesStayImports(importers)],
    moduleTypes: { '.js': 'jsx', ...Object.fromEntries(PICTURES.map((extension) => [extension, 'dataurl' as const])) },
    transform: { define: { 'import.meta.env': JSON.stringify(viteVariables()) } },
  });
  const { output } = await build.generate({
    dir: dirname(file),
    format: 'esm',
    codeSplitting: false,
    sourcemap: 'inline',
  });
  return { code: output[0].code, importers };
}

const PICTURES = ['.png', '.jpg', '.jpeg', '.gif', '.webp', '.svg', '.ico', '.pdf', '.woff2'];

/** Node resolves packages, and must do so relative to the module that imports them. */
function packagesStayImports(importers: Map<string, string>): Plugin {
  return {
    name: 'packages-stay-imports',
    async resolveId(source, importer, { isEntry }) {
      if (isEntry || importer === undefined) return null;
      const found = await this.resolve(source, importer, { skipSelf: true });
      if (found && !found.external && !isInPackage(found.id)) return found;
      // Let the bundler report an unknown relative import.
      if (!found && /^\.|^\//.test(source)) return null;
      if (!importers.has(source)) importers.set(source, pathToFileURL(importer).href);
      return { id: source, external: true };
    },
  };
}

const isInPackage = (path: string): boolean => path.includes(join('/', 'node_modules', '/'));

/** The variables that Vite defines. */
const viteVariables = () => ({
  BASE_URL: '/',
  DEV: true,
  MODE: 'test',
  PROD: false,
  SSR: true,
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('VITE_'))),
});

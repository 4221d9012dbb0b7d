import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const INSTALLED = 'node_modules/proofload/schemas/contract.schema.json';
const OWN = fileURLToPath(new URL('../../schemas/contract.schema.json', import.meta.url));

/**
 * Returns the line by which editors find the schema of a contract in YAML. It names the package in the nearest
 * `node_modules`, not the folder to which that links, because pnpm renames this folder with each version.
 */
export function schemaLine(file: string): string {
  const folder = dirname(resolve(file));
  const schema =
    foldersAbove(folder)
      .map((parent) => join(parent, INSTALLED))
      .find((path) => existsSync(path)) ?? OWN;
  return `# yaml-language-server: $schema=${relative(folder, schema)}\n`;
}

/** Returns a folder and all folders that contain it, nearest first. */
export const foldersAbove = (folder: string): string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...foldersAbove(dirname(folder))];

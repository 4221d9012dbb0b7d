import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';

/** The upstream fields that contain a path. */
const FILES = ['handlers', 'openapi'] as const;

/**
 * Returns the contract with absolute paths for its upstreams' files. In the contract, they are relative to its folder.
 */
export function withUpstreamFiles(contract: Contract, folder: string): Contract {
  const upstreams = Object.entries(contract.upstreams).map(([name, one]) => {
    const files = filesOf(one).map(({ field, path }) => [field, resolve(folder, path)]);
    return [name, { ...one, ...Object.fromEntries(files) }];
  });
  return { ...contract, upstreams: Object.fromEntries(upstreams) };
}

/** Finds upstream files that don't exist. */
export function missingFiles({ upstreams }: Contract): Problem[] {
  return Object.entries(upstreams).flatMap(([name, one]) =>
    filesOf(one)
      .filter(({ path }) => !statSync(path, { throwIfNoEntry: false })?.isFile())
      .map(({ field, path }) => ({ path: ['upstreams', name, field], message: `there is no file ${path}` })),
  );
}

/** Returns the files that an upstream needs, with the names of their fields. */
const filesOf = (upstream: Contract['upstreams'][string]): { field: string; path: string }[] =>
  FILES.flatMap((field) => (field in upstream ? [{ field, path: String(Reflect.get(upstream, field)) }] : []));

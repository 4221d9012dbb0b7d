import { findOptional, installCommand, type OptionalPackage } from '../../faults/base/optional-package.ts';
import { ProofloadError } from './errors.ts';

/** The modules that only some runs need. */
interface Modules {
  '@modelcontextprotocol/sdk/server/index.js': typeof import('@modelcontextprotocol/sdk/server/index.js');
  '@modelcontextprotocol/sdk/server/stdio.js': typeof import('@modelcontextprotocol/sdk/server/stdio.js');
  '@modelcontextprotocol/sdk/types.js': typeof import('@modelcontextprotocol/sdk/types.js');
  '@opentelemetry/exporter-metrics-otlp-http': typeof import('@opentelemetry/exporter-metrics-otlp-http');
  '@opentelemetry/resources': typeof import('@opentelemetry/resources');
  '@opentelemetry/sdk-metrics': typeof import('@opentelemetry/sdk-metrics');
  jose: typeof import('jose');
  pbf: typeof import('pbf');
  testcontainers: typeof import('testcontainers');
  rolldown: typeof import('rolldown');
  'rolldown/utils': typeof import('rolldown/utils');
}

/**
 * Imports a module of a package that only some runs need.
 *
 * @param purpose The part of the run that needs it, as the subject of a sentence.
 * @throws ProofloadError PACKAGE_MISSING with the command that installs it
 */
export async function importOptional<Name extends keyof Modules>(name: Name, purpose: string): Promise<Modules[Name]> {
  return await import(locateOptional(name, purpose));
}

/** Like `importOptional`, but only returns the module's file URL. */
export function locateOptional(name: OptionalPackage | keyof Modules, purpose: string): string {
  const found = findOptional(name);
  if (found !== undefined) return found;
  const owner = /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] as OptionalPackage;
  throw new ProofloadError(
    'PACKAGE_MISSING',
    `${purpose} needs the package ${owner}, which is not installed: ${installCommand(owner)}`,
  );
}

import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

let isInstalled = false;

/**
 * Imports a module of a team, such as a contract or a check. Its imports from `proofload` come from this package,
 * whether or not the team's project has installed it.
 *
 * @param path An absolute path.
 * @throws The module's own error
 */
export function importModule(path: string): Promise<{ readonly default?: unknown }> {
  install();
  return import(pathToFileURL(path).href);
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      /^proofload(\/|$)/.test(specifier) && !isOfScript(context.parentURL)
        ? next(specifier, { ...context, parentURL: import.meta.url })
        : next(specifier, context),
  });
}

/** Whether the engine resolves a module's imports. It adds a query to the URLs of a script's modules. */
const isOfScript = (url: string | undefined): boolean => url?.includes('?') ?? false;

import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Refusal } from '../../base/refusal.ts';
import { type Bundle, bundleHandlers, reasonOf } from './bundle.ts';
import { findHandlers, type TeamHandler } from './find-handlers.ts';

/**
 * Imports a handler file and everything that it depends on.
 *
 * @throws Refusal `handlers-failed` if it can't be imported, `msw-not-found`, `msw-too-old` or `no-handlers`
 */
export async function loadHandlers(file: string): Promise<TeamHandler[]> {
  const { code, importers } = await bundled(file);
  const exports = await imported(file, code, importers);
  const handlers = findHandlers(exports);
  if (handlers.some(isTooOld)) {
    throw new Refusal('msw-too-old', `${file} has handlers of msw 1 or older (rest, graphql); allowed: msw 2 or later`);
  }
  if (handlers.length > 0) return handlers;
  const names = Object.keys(exports).join(', ') || 'nothing';
  throw new Refusal(
    'no-handlers',
    `${file} exports ${names}; allowed: an array of MSW handlers, as \`handlers\` or by default`,
  );
}

async function bundled(file: string): Promise<Bundle> {
  try {
    return await bundleHandlers(file);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('handlers-failed', `${file} can't be read: ${reasonOf(error)}`);
  }
}

/** Whether a handler was created with a version before 2, which marks used handlers itself. */
const isTooOld = (handler: TeamHandler): boolean => 'markAsSkipped' in handler;

async function imported(
  file: string,
  source: string,
  importers: ReadonlyMap<string, string>,
): Promise<Record<string, unknown>> {
  // With this address, `import.meta.url` still refers to the file's folder.
  const address = `${pathToFileURL(file).href}?bundled`;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === address) return { url: address, format: 'module', shortCircuit: true };
      if (context.parentURL !== address) return next(specifier, context);
      return next(specifier, { ...context, parentURL: importers.get(specifier) ?? address });
    },
    load(url, context, next) {
      if (url !== address) return next(url, context);
      return { format: 'module', source, shortCircuit: true };
    },
  });
  try {
    return await import(address);
  } catch (error) {
    throw refusalFor(file, error);
  }
}

function refusalFor(file: string, error: unknown): Refusal {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'ERR_MODULE_NOT_FOUND' && /'msw'/.test(message)) {
    return new Refusal(
      'msw-not-found',
      `${file} imports msw, which is not installed there: npm install --save-dev msw`,
    );
  }
  return new Refusal('handlers-failed', `${file} can't be imported: ${stack ?? String(error)}`);
}

import { GoError, USE_K6 } from '../base/errors.ts';
import { parseHtml } from '../html/parse-html.ts';
import type { Vu } from '../vu/vu.ts';
import { createCryptoModule } from './crypto.ts';
import { createCsvModule } from './csv.ts';
import { createDataModule } from './data.ts';
import { createEncodingModule } from './encoding.ts';
import { createExecutionModule } from './execution.ts';
import { createFsModule } from './fs.ts';
import { createHttpModule } from './http.ts';
import { createK6Module } from './k6.ts';
import { createMetricsModule } from './metrics.ts';
import { createSseModule } from './sse.ts';
import { createStreamsModule } from './streams.ts';
import { createWebSocketsModule } from './websockets.ts';
import { createWsModule } from './ws.ts';

/** The exports of a k6 module, including `default`. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/** The functions that create a VU's modules. Each returns the named exports, which are also the default export's
 * fields unless there is a `default`. */
const FACTORIES: Readonly<Record<string, (vu: Vu) => object>> = {
  k6: createK6Module,
  'k6/crypto': createCryptoModule,
  'k6/data': createDataModule,
  'k6/encoding': createEncodingModule,
  'k6/execution': createExecutionModule,
  'k6/experimental/csv': createCsvModule,
  'k6/experimental/fs': createFsModule,
  'k6/experimental/streams': createStreamsModule,
  'k6/experimental/websockets': createWebSocketsModule,
  'k6/timers': ({ timers }) => timers,
  'k6/websockets': createWebSocketsModule,
  'k6/html': (vu) => ({ parseHTML: (text?: unknown) => parseHtml(vu, String(text ?? '')) }),
  'k6/http': createHttpModule,
  'k6/metrics': createMetricsModule,
  'k6/ws': createWsModule,
  'k6/x/sse': createSseModule,
};

const GLOBAL = "it's now globally available as defined by standard WebAPIs. You just need to remove the import.";

/** Messages of k6 v2 about modules that it removed. */
const REMOVED: Readonly<Record<string, string>> = {
  browser: 'has been graduated, please use k6/browser instead.',
  grpc: 'has been graduated, please use k6/net/grpc instead.',
  redis: "has been removed. Please migrate to the new version by changing your import to 'k6/x/redis'.",
  timers: `has been graduated, and ${GLOBAL}`,
  tracing: 'has been removed. All of it functionality is available as pure JavaScript module.',
  webcrypto: `has been graduated and ${GLOBAL}`,
};

/** Whether an import refers to a k6 module, even if no such module exists. */
export const isK6Module = (specifier: string): boolean => specifier === 'k6' || specifier.startsWith('k6/');

/** @throws GoError for a k6 module that the engine does not support. */
export function assertModule(specifier: string): void {
  if (Object.hasOwn(FACTORIES, specifier)) return;
  const removed = REMOVED[/^k6\/experimental\/(\w+)$/.exec(specifier)?.[1] ?? ''];
  if (removed !== undefined) throw new GoError(`${specifier} ${removed}`);
  if (specifier === 'k6/options') throw new GoError(`${specifier} contains only types: remove the import`);
  throw new GoError(
    `the module ${specifier} is not available in the embedded engine, which has ${Object.keys(FACTORIES).join(', ')}: ${USE_K6}`,
  );
}

/** Returns a function that provides one VU's modules. Each module is created when it is first imported. */
export function createModuleTable(vu: Vu): (specifier: string) => ModuleExports {
  const made = new Map<string, ModuleExports>();
  return (specifier) => {
    const existing = made.get(specifier);
    if (existing) return existing;
    assertModule(specifier);
    const { default: own, ...named } = (FACTORIES[specifier]?.(vu) ?? {}) as { readonly default?: object };
    // Importing a module as a namespace doesn't show its default export.
    const module = Object.defineProperty({ ...named }, 'default', { value: own ?? named }) as ModuleExports;
    made.set(specifier, module);
    return module;
  };
}

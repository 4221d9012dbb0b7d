import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { ConfigurationError } from '../config/configuration-error.ts';
import { type Configuration, loadConfiguration } from '../config/load-configuration.ts';
import { createDependencies } from '../dependencies/create-dependencies.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { type PendingWorker, startPendingWorker } from '../events/pending-worker.ts';
import { createHttpServer, type HttpServer, type HttpSettings } from '../http/http-server.ts';
import { capsThatFit, openFilesMax } from '../http/open-files.ts';
import { LogDestination } from '../observability/log-destination.ts';
import { createLogger } from '../observability/logger.ts';
import { countLostLines } from '../observability/metrics.ts';
import { limitStoreConnections } from '../protections/limit-stores/create-limit-stores.ts';
import { type App, createApp } from './app.ts';
import { prepareDatabase } from './prepare-database.ts';

/** The two steps in which a variant of the service can differ: how it is configured, and what it is put together from. */
export interface ServiceVariant {
  readonly configure?: (environment: NodeJS.ProcessEnv) => Configuration;
  readonly assemble?: (configuration: Configuration, logger: Logger) => Dependencies;
}

const EXIT_UNUSABLE_CONFIGURATION = 2;
const LAST_LINES_MS = 250;
/** Files that a process has open beside its sockets, and some more. */
const OTHER_FILES = 50;

/**
 * Runs the service as this process: configuration, migrations, listening, signals. A refused configuration is told on
 * stderr, a line for each problem, and exits 2; any other failure exits 1; SIGTERM and SIGINT end it with 0.
 */
export async function runService(variant: ServiceVariant = {}): Promise<void> {
  const { configure = loadConfiguration, assemble = createDependencies } = variant;
  const configuration = configureOrExplain(configure);
  if (!configuration) return;
  const log = new LogDestination();
  const logger = createLogger(configuration.logLevel, configuration.secrets, log);
  log.onRecovery = (lines) => logger.warn({ lines }, 'lines of the log are missing here: they could not be written');
  exitOnUncaught(logger, log);
  for (const warning of configuration.warnings) logger.warn(`⚠️ ${warning}`);

  const ending = endOnSignal(configuration.shutdownGraceMs, logger, log);
  await prepareDatabase(configuration, logger);
  const dependencies = assemble(configuration, logger);
  countLostLines(dependencies.metrics, log);
  const app = createApp(dependencies);
  const http = createHttpServer(app.handler, httpSettings(configuration, logger), dependencies);
  const { enabled, intervalMs } = configuration.pendingWorker;
  const worker = enabled ? startPendingWorker(dependencies, { intervalMs }) : undefined;
  ending.by(stopping(http, app, worker));
  const { server } = http;
  server.listen(configuration.port, configuration.host);
  await once(server, 'listening');
  logger.info(`listening on ${urlOf(server)}`);
}

function configureOrExplain(configure: (environment: NodeJS.ProcessEnv) => Configuration): Configuration | undefined {
  try {
    return configure(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.on('error', () => {});
    process.stderr.write(`${error.problems.join('\n')}\n`);
    process.exitCode = EXIT_UNUSABLE_CONFIGURATION;
    return undefined;
  }
}

/** The settings, with caps that leave enough of the files that the process may open to its own connections. */
function httpSettings({ http, upstreams, database, limitStore }: Configuration, logger: Logger): HttpSettings {
  const pools = database.poolMax + limitStoreConnections(limitStore);
  const reserved = 2 * upstreams.concurrencyMax + pools + OTHER_FILES;
  const { warning, ...caps } = capsThatFit({ ...http, filesMax: openFilesMax(), reserved });
  if (warning) logger.warn(`⚠️ ${warning}`);
  return { ...http, ...caps };
}

/** How the service stops, given how long it may take. */
type Stop = (graceMs: number) => Promise<void>;

function stopping({ shutDown }: HttpServer, app: App, worker: PendingWorker | undefined): Stop {
  return async (graceMs) => {
    await Promise.all([shutDown(graceMs), worker?.stop()]);
    await app.close();
  };
}

/** Ends the process with 0 on SIGTERM and SIGINT, within the grace: at once while there is nothing yet to be stopped. */
function endOnSignal(graceMs: number, logger: Logger, log: LogDestination): { by(stop: Stop): void } {
  let stop: Stop = async () => {};
  let ending = false;
  const end = async (signal: NodeJS.Signals) => {
    if (ending) return;
    ending = true;
    logger.info(`${signal}: finishing what is in flight`);
    // A query that waits for a lock would hold the pool's end back for as long as it likes.
    setTimeout(() => {
      logger.warn(`not all ended within ${graceMs} ms`);
      void exit(0, log);
    }, graceMs).unref();
    await stop(graceMs);
    logger.info('stopped');
    await exit(0, log);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  return {
    by(given) {
      stop = given;
    },
  };
}

/** Ends the process with 1 on an error that nobody caught. */
function exitOnUncaught(logger: Logger, log: LogDestination): void {
  let ending = false;
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'the service cannot go on');
    if (!ending) void exit(1, log);
    ending = true;
  });
}

/** Ends the process, with a moment for the log's last lines: a log that takes none must not hold it up. */
async function exit(code: number, log: LogDestination): Promise<never> {
  await log.flush(LAST_LINES_MS);
  process.exit(code);
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Configuration } from '../config/load-configuration.ts';
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

const LAST_LINES_MS = 250;
/** Number of open files other than sockets, including a safety margin. */
const OTHER_FILES = 50;

/** Creates the service's dependencies. */
export type Assemble = (configuration: Configuration, logger: Logger) => Dependencies;

/**
 * Runs the service with a valid configuration in this process: runs the migrations, starts the server and handles
 * signals. Any failure exits with 1. SIGTERM and SIGINT exit with 0.
 */
export async function serve(configuration: Configuration, assemble: Assemble = createDependencies): Promise<void> {
  const log = new LogDestination();
  const logger = createLogger(configuration.logLevel, configuration.secrets, log);
  log.onRecovery = (lines) => logger.warn({ lines }, 'log lines are missing here: they could not be written');
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

/**
 * Lowers the connection limits if necessary, so that the service has enough file descriptors left for its own
 * connections.
 */
function httpSettings({ http, upstreams, database, limitStore }: Configuration, logger: Logger): HttpSettings {
  const pools = database.poolMax + limitStoreConnections(limitStore);
  const reserved = 2 * upstreams.concurrencyMax + pools + OTHER_FILES;
  const { warning, ...caps } = capsThatFit({ ...http, filesMax: openFilesMax(), reserved });
  if (warning) logger.warn(`⚠️ ${warning}`);
  return { ...http, ...caps };
}

/** Stops the service within the given time. */
type Stop = (graceMs: number) => Promise<void>;

function stopping({ shutDown }: HttpServer, app: App, worker: PendingWorker | undefined): Stop {
  return async (graceMs) => {
    await Promise.all([shutDown(graceMs), worker?.stop()]);
    await app.close();
  };
}

/**
 * Exits with 0 on SIGTERM and SIGINT, after the grace period at the latest, or immediately if the service is not
 * running yet.
 */
function endOnSignal(graceMs: number, logger: Logger, log: LogDestination): { by(stop: Stop): void } {
  let stop: Stop = async () => {};
  let ending = false;
  const end = async (signal: NodeJS.Signals) => {
    if (ending) return;
    ending = true;
    logger.info(`${signal}: waiting for requests in flight`);
    // Without this limit, a query that waits for a lock could keep the pool open indefinitely.
    setTimeout(() => {
      logger.warn(`shutdown did not finish within ${graceMs} ms`);
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

/** Exits with 1 on an uncaught error. */
function exitOnUncaught(logger: Logger, log: LogDestination): void {
  let ending = false;
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught error: the service stops');
    if (!ending) void exit(1, log);
    ending = true;
  });
}

/** Exits after the last log lines have been written, or after a short timeout if the log blocks. */
async function exit(code: number, log: LogDestination): Promise<never> {
  await log.flush(LAST_LINES_MS);
  process.exit(code);
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

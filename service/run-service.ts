import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { type App, createApp } from './app.ts';
import { ConfigurationError } from './config/configuration-error.ts';
import { type Configuration, loadConfiguration } from './config/load-configuration.ts';
import { createDependencies, type Dependencies } from './dependencies.ts';
import { gracefulShutdown } from './graceful-shutdown.ts';
import { createLogger } from './logger.ts';
import { migrate } from './storage/migrate.ts';

/** The two steps in which a variant of the service can differ: how it is configured, and what it is put together from. */
export interface ServiceVariant {
  readonly configure?: (environment: NodeJS.ProcessEnv) => Configuration;
  readonly assemble?: (configuration: Configuration, logger: Logger) => Dependencies;
}

const GRACE_MS = 10_000;
const EXIT_UNUSABLE_CONFIGURATION = 2;
// Longer than clients keep a connection idle: who closes first while the other sends makes a request fail.
const KEEP_ALIVE_MS = 65_000;

/**
 * Runs the service as this process: configuration, migrations, listening, signals. A refused configuration is told on
 * stderr, a line for each problem, and exits 2; any other failure exits 1; SIGTERM and SIGINT end it with 0.
 */
export async function runService(variant: ServiceVariant = {}): Promise<void> {
  const { configure = loadConfiguration, assemble = createDependencies } = variant;
  const configuration = configureOrExplain(configure);
  if (!configuration) return;
  const logger = createLogger(configuration.logLevel);
  process.on('uncaughtException', (error) => exitFatally(logger, error));
  for (const warning of configuration.warnings) logger.warn(`⚠️ ${warning}`);

  await migrate(configuration.database.url);
  const app = createApp(assemble(configuration, logger));
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, app.handler);
  endOnSignal(server, app, logger);
  server.listen(configuration.port, configuration.host);
  await once(server, 'listening');
  logger.info(`listening on ${urlOf(server)}`);
}

function configureOrExplain(configure: (environment: NodeJS.ProcessEnv) => Configuration): Configuration | undefined {
  try {
    return configure(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.problems.join('\n')}\n`);
    process.exitCode = EXIT_UNUSABLE_CONFIGURATION;
    return undefined;
  }
}

function endOnSignal(server: Server, app: App, logger: Logger): void {
  const shutDown = gracefulShutdown(server);
  let ending = false;
  const end = async (signal: NodeJS.Signals) => {
    if (ending) return;
    ending = true;
    logger.info(`${signal}: finishing what is in flight`);
    // A query that waits for a lock would hold the pool's end back for as long as it likes.
    setTimeout(() => process.exit(0), GRACE_MS).unref();
    await shutDown(GRACE_MS);
    await app.close();
    logger.info('stopped');
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

function exitFatally(logger: Logger, error: Error): never {
  logger.fatal({ err: error }, 'the service cannot go on');
  process.exit(1);
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

import { ConfigurationError } from '../config/configuration-error.ts';
import { type Configuration, loadConfiguration } from '../config/load-configuration.ts';
import type { Assemble } from './serve.ts';

/** The two steps that a variant of the service can replace: loading the configuration and creating the dependencies. */
export interface ServiceVariant {
  readonly configure?: (environment: NodeJS.ProcessEnv) => Configuration;
  readonly assemble?: Assemble;
}

const EXIT_UNUSABLE_CONFIGURATION = 2;

/**
 * Runs the service in this process. If the configuration is invalid, it prints each problem on a separate line to
 * stderr and exits with 2, before it loads anything else. See `serve` for the rest.
 */
export async function runService({ configure = loadConfiguration, assemble }: ServiceVariant = {}): Promise<void> {
  const configuration = configureOrExplain(configure);
  if (!configuration) return;
  const { serve } = await import('./serve.ts');
  await serve(configuration, assemble);
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

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Flags } from '../options/flags.ts';
import { DEFAULT_OPTIONS } from '../options/run-options.ts';
import type { Logger } from '../output/logger.ts';
import { Counts } from './counts.ts';
import { Test } from './test.ts';

/** The test that a command line asks for; its options are set once its script has been read. */
export const createTest = (flags: Flags, logger: Logger, counts = new Counts()): Test =>
  new Test({
    script: pathToFileURL(resolve(flags.script)),
    env: flags.env,
    logger,
    localAddresses: flags.localAddresses,
    options: DEFAULT_OPTIONS,
    counts,
    environment: process.env,
  });

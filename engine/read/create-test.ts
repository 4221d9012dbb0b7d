import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Logger } from '../base/logger.ts';
import type { Flags } from '../options/flags.ts';
import type { RunCounts } from '../vu/counts.ts';
import { Test } from '../vu/test.ts';

/** Creates the test for a command line. Its options are set after its script has been read. */
export const createTest = (flags: Flags, logger: Logger, counts?: RunCounts): Test =>
  new Test({
    script: pathToFileURL(resolve(flags.script)),
    jslib: flags.jslib === undefined ? undefined : pathToFileURL(`${resolve(flags.jslib)}/`),
    env: flags.env,
    logger,
    localAddresses: flags.localAddresses,
    counts,
    environment: process.env,
  });

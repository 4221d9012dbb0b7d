import { CommanderError } from 'commander';
import { EngineError, toEngineError } from './base/errors.ts';
import { EXIT_CODES } from './base/exit-codes.ts';
import { createLogger } from './base/logger.ts';
import { runCommand } from './cli/command.ts';
import { runTest } from './cli/run-test.ts';
import { versionLine } from './cli/version.ts';
import type { Flags } from './options/flags.ts';
import { Screen } from './output/screen.ts';
import { guardProcess } from './run/guard-process.ts';
import { patchProcess } from './script/patch-process.ts';
import type { Test } from './vu/test.ts';

async function run(flags: Flags): Promise<void> {
  const screen = new Screen();
  process.on('exit', () => screen.clear());
  const logger = createLogger(flags.logFormat, flags.verbose, (line) => screen.log(line));
  let test: Test | undefined;
  const whileBusy = guardProcess(logger, () => test);
  patchProcess();
  try {
    process.exitCode = await runTest(flags, logger, screen, (begun) => {
      test = begun;
      test.whileBusy = whileBusy;
    });
  } catch (error) {
    const { message, exitCode } = test?.state.abortedBy ?? toEngineError(error);
    logger.log('error', message);
    process.exitCode = exitCode;
  }
  // Exit even if the script left timers or connections open.
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit();
}

const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()));

try {
  await runCommand(process.argv.slice(2), process.env, { run, version: () => console.log(versionLine()) });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.other;
  else if (error instanceof EngineError) {
    console.error(`error: ${error.message}`);
    process.exitCode = error.exitCode;
  } else throw error;
}

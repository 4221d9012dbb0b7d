#!/usr/bin/env node
import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { EXIT, knownError, messageOf, outputOf, withOutput } from './base/errors.ts';
import { print, printError } from './base/print.ts';
import { jsonWithoutSecrets } from './base/without-secrets.ts';
import { COMMANDS } from './commands/declarations.ts';
import { appendToJobSummary, errorSummary } from './report/job-summary.ts';

const program = new Command('proofload')
  .description('Check that the protections of a service hold under load and under fault.')
  .version(manifest.version, '--version', 'print the version')
  .exitOverride()
  .configureOutput({ writeOut: (text) => print(text.trimEnd()), writeErr: (text) => printError(text.trimEnd()) })
  .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'USAGE: ')) });

for (const create of COMMANDS) program.addCommand(create().copyInheritedSettings(program));

process.on('uncaughtException', (error) => {
  report(error);
  process.exit();
});

/** Node's exit code if a program waits for something that can't happen any more. */
const WAITS_FOREVER = 13;

process.on('exit', (code) => {
  if (code !== WAITS_FOREVER) return;
  printError('INTERNAL_ERROR: the command waits for something that can not happen any more, such as a top-level await');
  process.exitCode = EXIT.labFailed;
});

await program.parseAsync().catch(report);

/** Prints an error, also to the job summary of GitHub Actions, and sets its exit code. */
function report(error: unknown): void {
  const say = (text: string): void => {
    printError(text);
    appendToJobSummary(errorSummary(text));
  };
  const known = knownError(error);
  if (known) {
    say(withOutput(`${known.code}: ${known.message}`, outputOf(known)));
    process.exitCode = known.exitCode;
    sayAsJson(known.code, error);
  } else if (error instanceof Error && 'exitCode' in error) {
    process.exitCode = error.exitCode === 0 ? EXIT.pass : EXIT.usage;
    if (error.exitCode !== 0) sayAsJson('USAGE', error);
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
    say(withOutput(text, outputOf(error)));
    process.exitCode = EXIT.labFailed;
    sayAsJson('INTERNAL_ERROR', error);
  }
}

/** Prints an error as a line of JSON to standard output, for programs that requested JSON. */
function sayAsJson(code: string, error: unknown): void {
  if (!process.argv.includes('--json')) return;
  const message = messageOf(knownError(error) ?? error).replace(/^error: /, '');
  const output = outputOf(error);
  const said = { code, message, exitCode: process.exitCode, ...(output.length > 0 && { output }) };
  print(jsonWithoutSecrets({ error: said }));
}

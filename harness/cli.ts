#!/usr/bin/env node
import { Argument, Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { CODES, EXIT, isSystemError, messageOf, outputOf, ProofloadError, withOutput } from './base/errors.ts';
import { printError, printJson } from './base/print.ts';
import { check } from './commands/check.ts';
import { distribute, gather } from './commands/distributed.ts';
import { doctor } from './commands/doctor.ts';
import { baseline, gate } from './commands/gate.ts';
import { init } from './commands/init.ts';
import { lab } from './commands/lab.ts';
import { list } from './commands/list.ts';
import { compare, show } from './commands/past-runs.ts';
import { runScenarios } from './commands/run.ts';
import { contractJsonSchema } from './contract/json-schema.ts';
import { verdictJsonSchema } from './verdict/run-result.ts';

const SCHEMAS = { contract: contractJsonSchema, verdict: verdictJsonSchema };

const program = new Command('proofload')
  .description('Check that the protections of a service hold under load and under fault.')
  .version(manifest.version, '--version', 'print the version')
  .exitOverride()
  .configureOutput({ writeErr: (text) => printError(text.trimEnd()) })
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'USAGE: ')) });

program.addCommand(runScenarios().copyInheritedSettings(program));
program.addCommand(gate().copyInheritedSettings(program));
program.addCommand(baseline().copyInheritedSettings(program));
program.addCommand(lab().copyInheritedSettings(program));
program.addCommand(doctor().copyInheritedSettings(program));
program.addCommand(init().copyInheritedSettings(program));

program
  .command('schema')
  .description('Print the JSON Schema of a contract, or of verdict.json.')
  .addArgument(new Argument('<name>').choices(Object.keys(SCHEMAS)))
  .action((name: keyof typeof SCHEMAS) => printJson(SCHEMAS[name]()));

program.addCommand(list().copyInheritedSettings(program));
program.addCommand(check().copyInheritedSettings(program));
program.addCommand(show().copyInheritedSettings(program));
program.addCommand(distribute().copyInheritedSettings(program));
program.addCommand(gather().copyInheritedSettings(program));
program.addCommand(compare().copyInheritedSettings(program));

process.on('uncaughtException', (error) => {
  report(error);
  process.exit();
});

await program.parseAsync().catch(report);

/** Prints an error and sets its exit code. */
function report(error: unknown): void {
  if (error instanceof ProofloadError) {
    printError(withOutput(`${error.code}: ${error.message}`, outputOf(error)));
    process.exitCode = error.exitCode;
  } else if (error instanceof Error && 'exitCode' in error) {
    process.exitCode = error.exitCode === 0 ? EXIT.pass : EXIT.usage;
  } else if (isSystemError(error)) {
    printError(`SYSTEM_ERROR: ${error.message}`);
    process.exitCode = CODES.SYSTEM_ERROR;
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
    printError(withOutput(text, outputOf(error)));
    process.exitCode = EXIT.labFailed;
  }
}

#!/usr/bin/env node
import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { CODES, EXIT, isSystemError, messageOf, outputOf, ProofloadError, withOutput } from './base/errors.ts';
import { print, printError } from './base/print.ts';
import { appendToJobSummary, errorSummary } from './report/job-summary.ts';

/**
 * The commands, in the order of the help text. Each is loaded only when it is asked for, because all of them together
 * take a second to load.
 */
const COMMANDS: Record<string, () => Promise<Command>> = {
  run: async () => (await import('./commands/run.ts')).runScenarios(),
  gate: async () => (await import('./commands/gate.ts')).gate(),
  baseline: async () => (await import('./commands/gate.ts')).baseline(),
  lab: async () => (await import('./commands/lab.ts')).lab(),
  doctor: async () => (await import('./commands/doctor.ts')).doctor(),
  init: async () => (await import('./commands/init.ts')).init(),
  schema: async () => (await import('./commands/schema.ts')).schema(),
  list: async () => (await import('./commands/list.ts')).list(),
  check: async () => (await import('./commands/check.ts')).check(),
  prove: async () => (await import('./commands/prove.ts')).prove(),
  show: async () => (await import('./commands/past-runs.ts')).show(),
  distribute: async () => (await import('./commands/distributed.ts')).distribute(),
  gather: async () => (await import('./commands/distributed.ts')).gather(),
  compare: async () => (await import('./commands/past-runs.ts')).compare(),
  mcp: async () => (await import('./commands/mcp.ts')).mcp(),
};

const program = new Command('proofload')
  .description('Check that the protections of a service hold under load and under fault.')
  .version(manifest.version, '--version', 'print the version')
  .exitOverride()
  .configureOutput({ writeOut: (text) => print(text.trimEnd()), writeErr: (text) => printError(text.trimEnd()) })
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'USAGE: ')) });

for (const load of commandsFor(process.argv[2])) program.addCommand((await load()).copyInheritedSettings(program));

process.on('uncaughtException', (error) => {
  report(error);
  process.exit();
});

await program.parseAsync().catch(report);

/** Returns the command with a name. Returns all if there is none, because help and suggestions list them. */
function commandsFor(name = ''): (() => Promise<Command>)[] {
  if (name === '--version') return [];
  return Object.hasOwn(COMMANDS, name) ? [COMMANDS[name] as () => Promise<Command>] : Object.values(COMMANDS);
}

/** Prints an error, also to the job summary of GitHub Actions, and sets its exit code. */
function report(error: unknown): void {
  const say = (text: string): void => {
    printError(text);
    appendToJobSummary(errorSummary(text));
  };
  if (error instanceof ProofloadError) {
    say(withOutput(`${error.code}: ${error.message}`, outputOf(error)));
    process.exitCode = error.exitCode;
  } else if (error instanceof Error && 'exitCode' in error) {
    process.exitCode = error.exitCode === 0 ? EXIT.pass : EXIT.usage;
  } else if (isSystemError(error)) {
    say(`SYSTEM_ERROR: ${error.message}`);
    process.exitCode = CODES.SYSTEM_ERROR;
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
    say(withOutput(text, outputOf(error)));
    process.exitCode = EXIT.labFailed;
  }
}

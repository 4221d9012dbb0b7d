#!/usr/bin/env node
import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { EXIT, knownError, messageOf, outputOf, withOutput } from './base/errors.ts';
import { print, printError } from './base/print.ts';
import { jsonWithoutSecrets } from './base/without-secrets.ts';
import { appendToJobSummary, errorSummary } from './report/job-summary.ts';

/** A command as the help text lists it, and its implementation. */
interface Entry {
  readonly about: string;
  readonly load: () => Promise<Command>;
}

/**
 * The commands, in the order of the help text. Only the requested command is loaded, because loading all of them takes
 * a second.
 */
const COMMANDS: Readonly<Record<string, Entry>> = {
  run: {
    about: 'Run suites or single scenarios, and report PASS, FAIL or INCONCLUSIVE.',
    load: async () => (await import('./commands/run.ts')).runScenarios(),
  },
  gate: {
    about: "Run the suites stress and chaos, and compare the service's speed with another build.",
    load: async () => (await import('./commands/gate.ts')).gate(),
  },
  lab: {
    about: 'Start the service, its database and upstreams, and a web page to break things and watch the service.',
    load: async () => (await import('./commands/lab.ts')).lab(),
  },
  doctor: {
    about: 'Check a contract: which scenarios can judge the service, and whether the service matches the contract.',
    load: async () => (await import('./commands/doctor.ts')).doctor(),
  },
  init: {
    about: 'Write a contract for the service in this folder. Asks only about what its files do not show.',
    load: async () => (await import('./commands/init.ts')).init(),
  },
  schema: {
    about: 'Print the JSON Schema of a contract, or of verdict.json.',
    load: async () => (await import('./commands/schema.ts')).schema(),
  },
  list: {
    about: 'List the scenarios: what each judges, how long it takes, and why it is skipped, if it is.',
    load: async () => (await import('./commands/list.ts')).list(),
  },
  check: {
    about: 'Judge a past run again, using its recorded histories.',
    load: async () => (await import('./commands/check.ts')).check(),
  },
  prove: {
    about: 'Show which checks would notice a defect of this service, by simulating defects on the wire.',
    load: async () => (await import('./commands/prove.ts')).prove(),
  },
  show: {
    about: 'Print a past run.',
    load: async () => (await import('./commands/past-runs.ts')).show(),
  },
  distribute: {
    about: 'Write the files for running a script on several machines, with k6-operator or without.',
    load: async () => (await import('./commands/distributed.ts')).distribute(),
  },
  gather: {
    about: 'Judge the thresholds of a test that ran on several machines, using the samples of all of them.',
    load: async () => (await import('./commands/distributed.ts')).gather(),
  },
  compare: {
    about: 'Compare two past runs: the checks that changed, and other differences.',
    load: async () => (await import('./commands/past-runs.ts')).compare(),
  },
  mcp: {
    about: "Serve proofload's commands to a client of the Model Context Protocol, over standard input and output.",
    load: async () => (await import('./commands/mcp.ts')).mcp(),
  },
};

const program = new Command('proofload')
  .description('Check that the protections of a service hold under load and under fault.')
  .version(manifest.version, '--version', 'print the version')
  .exitOverride()
  .configureOutput({ writeOut: (text) => print(text.trimEnd()), writeErr: (text) => printError(text.trimEnd()) })
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'USAGE: ')) });

const requested = process.argv.slice(2).find((word) => Object.hasOwn(COMMANDS, word));
for (const [name, { about, load }] of Object.entries(COMMANDS)) {
  const command = name === requested ? await load() : new Command(name);
  program.addCommand(command.description(about).copyInheritedSettings(program));
}

process.on('uncaughtException', (error) => {
  report(error);
  process.exit();
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

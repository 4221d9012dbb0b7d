import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import type { Command } from 'commander';
import { print, printError } from '../base/print.ts';
import { jsonWithoutSecrets } from '../base/without-secrets.ts';
import { openBench } from '../workbench/open-bench.ts';
import { openLab } from '../workbench/open-lab.ts';
import { interruption } from './interruption.ts';
import { type LabFlags, runOptions } from './lab-options.ts';

interface Flags extends LabFlags {
  json?: boolean;
  condition?: string[];
}

/** Implements `proofload lab`, which opens the workbench until Ctrl-C is pressed, or a lab for tests in any language. */
export async function openLabOrPage({ json, condition, ...flags }: Flags, command: Command): Promise<void> {
  if (json) return openForTests(flags, condition);
  if (condition) command.error('error: --condition needs --json');
  await openPage(flags);
}

async function openPage(flags: LabFlags): Promise<void> {
  const signal = interruption(printError);
  const given = runOptions(flags, []);
  printError('starting the lab');
  const opened = await openLab({ ...given, runOptions: (name) => runOptions(flags, [name]) });
  if (!signal.aborted) {
    print(`lab: ${opened.url}\nPress Ctrl-C to heal everything and end the lab.`);
    await once(signal, 'abort');
  }
  await opened[Symbol.asyncDispose]();
  print(`The lab has ended. The results of its scenarios are in ${given.results}.`);
}

/** Prints one line with the addresses when the service is ready, and ends with the process that started it. */
async function openForTests(flags: LabFlags, conditions: readonly string[] = []): Promise<void> {
  const signal = AbortSignal.any([interruption(printError), endOfInput()]);
  await using bench = await openBench({ ...runOptions(flags, []), conditions });
  if (signal.aborted) return;
  print(jsonWithoutSecrets(bench.addresses));
  await once(signal, 'abort');
}

/**
 * Returns a signal that is aborted when whoever started this command closes its standard input, which also happens if
 * that process is killed. A file such as /dev/null says nothing about it.
 */
function endOfInput(): AbortSignal {
  const controller = new AbortController();
  const input = fstatSync(process.stdin.fd);
  if (!input.isFIFO() && !input.isSocket()) return controller.signal;
  const end = () => controller.abort('the standard input was closed');
  process.stdin.on('end', end).on('error', end).resume();
  // A signal may end the lab while it is open.
  (process.stdin as typeof process.stdin & { unref(): void }).unref();
  return controller.signal;
}

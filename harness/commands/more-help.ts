import { join, relative } from 'node:path';
import { type Command, Option } from 'commander';
import { ROOT } from './options.ts';

/** Options that most users never need, by the names of their values. Without `--help-all`, the help leaves them out. */
const RARE = ['command', 'engine', 'postgres', 'jobs', 'allowHost', 'keep', 'seed'];

/** Leaves rare options out of a command's help, and adds the option `--help-all`, which shows them. */
export function shortHelp(command: Command): Command {
  const rare = command.options.filter((option) => RARE.includes(option.attributeName()));
  const hide = (hidden: boolean) => {
    for (const option of rare) option.hideHelp(hidden);
  };
  hide(true);
  return command
    .addOption(new Option('--help-all', 'display help with the options of the lab'))
    .on('option:help-all', () => {
      hide(false);
      command.help();
    });
}

/**
 * Returns the end of a command's help: an example, and the page with more.
 *
 * @param page Its path in docs/.
 */
export const moreHelp =
  (page: string, ...examples: readonly string[]) =>
  (): string =>
    `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map((example) => `  proofload ${example}`).join('\n')}\n\nMore: ${relative('', join(ROOT, 'docs', page))}`;

import { type Command, Option } from 'commander';
import { notBlank, optionFor } from './options.ts';

export interface SelectionFlags {
  grep?: string;
  lastFailed?: boolean;
}

export const grepOption = (): Option =>
  new Option(
    '--grep <text>',
    'only scenarios whose name or description has this text, or matches /expression/',
  ).argParser(notBlank('a text, or a regular expression such as /outage$/'));

/** Adds the options that filter scenarios. */
export const selectionOptions = (command: Command): Command =>
  command.addOption(grepOption()).addOption(optionFor('LAST_FAILED'));

import type { Contract } from './contract.ts';

/** A text in a contract in which the lab replaces `${…}`, with its path. */
export interface FilledText {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** Returns all words in the commands of the service and its workers. */
export const commandWords = ({ command = [], workers = {} }: Contract['start']): FilledText[] => [
  ...command.map((text, index) => ({ path: ['start', 'command', index], text })),
  ...Object.entries(workers).flatMap(([name, words]) =>
    words.map((text, index) => ({ path: ['start', 'workers', name, index], text })),
  ),
];

/** Returns all words in the commands, all files, and the settings in all conditions and profiles. */
export function filledTexts({ start, environment, files, conditions, profiles }: Contract): FilledText[] {
  const settings = [
    { path: ['environment'], values: environment },
    ...Object.entries(conditions).map(([name, values]) => ({ path: ['conditions', name], values })),
    ...Object.entries(profiles).map(([name, one]) => ({
      path: ['profiles', name, 'environment'],
      values: one.environment,
    })),
  ];
  return [
    ...commandWords(start),
    ...Object.entries(files).map(([name, text]) => ({ path: ['files', name], text })),
    ...settings.flatMap(({ path, values }) =>
      Object.entries(values).map(([setting, text]) => ({ path: [...path, setting], text })),
    ),
  ];
}

import type { Contract } from './contract.ts';

/** A text in a contract in which the lab replaces `${…}`, with its path. */
export interface FilledText {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** Returns all words in the command, all files, and the settings in all conditions and profiles. */
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
    ...(start.command ?? []).map((text, index) => ({ path: ['start', 'command', index], text })),
    ...Object.entries(files).map(([name, text]) => ({ path: ['files', name], text })),
    ...settings.flatMap(({ path, values }) =>
      Object.entries(values).map(([setting, text]) => ({ path: [...path, setting], text })),
    ),
  ];
}

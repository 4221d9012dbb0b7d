/** Formats k6's error message for invalid options. */
export const configurationProblems = (problems: readonly string[]): string =>
  `There were problems with the specified script configuration:${problems.map((problem) => `\n\t- ${problem}`).join('')}`;

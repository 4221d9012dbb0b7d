/** k6's frame around what is wrong with a configuration. */
export const configurationProblems = (problems: readonly string[]): string =>
  `There were problems with the specified script configuration:${problems.map((problem) => `\n\t- ${problem}`).join('')}`;

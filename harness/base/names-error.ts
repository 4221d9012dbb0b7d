/** A line that names an error: `Error: no port`, `limits.errors.ConfigurationError: unknown storage`. */
const NAMES_ERROR = /^\s*[\w.$]*(Error|Exception)\b[^:]*: /;

/** Whether a line of a log names an error, such as `TypeError: x is not a function`. */
export const namesError = (line: string): boolean => NAMES_ERROR.test(line);

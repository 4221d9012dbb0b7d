/** A line that begins with the name of an error: `Error: no port`, `limits.errors.ConfigurationError: unknown storage`. */
const NAMES_ERROR =
  /^\s*(?:Caused by: |Exception in thread "[^"]*" |\w+ failed: )?(?:[\w.$]+(?:::[\w.$]+)*)?(?:Error|Exception|Errno)\b[^:]*: |^(?:error|fatal|panic): |^PHP Fatal error: |\((?:\w+::)*\w*(?:Error|Exception)\)$/;

/** Words with which programs say that something failed. */
const SAYS_FAILURE =
  /error|exception|fatal|panic|critical|failed|failure|refused|denied|not found|not permitted|does not exist|doesn't exist|no such|cannot|can't|could not|unable|invalid|missing|SQLSTATE|timed? ?out/i;

/** A line of a stack, or a field of an object that is printed below an error: they don't say which error it was. */
const OF_STACK =
  /^\s+(?:at |from |raise |throw |File "|in [`']|\.\.\. \d+ more|[\^~]+|['"[]?[\w.-]+['"\]]*: (?:undefined|null|true|false|-?\d+|'.*'|".*"),?$)|^Traceback |^\s*Node\.js v/;

/** Whether a line of a log names an error, such as `TypeError: x is not a function`. */
export const namesError = (line: string): boolean => !OF_STACK.test(line) && NAMES_ERROR.test(line);

/** Whether a line of a log may say why something failed. Lines of a stack do not. */
export const saysFailure = (line: string): boolean =>
  !OF_STACK.test(line) && (SAYS_FAILURE.test(line) || NAMES_ERROR.test(line));

/**
 * Returns the lines of a log with those first that name an error, and then those that may say why something failed. Python
 * prints the error last, Node in the middle.
 */
export function errorsFirst(lines: readonly string[]): string[] {
  const errors = lines.filter(namesError);
  const failures = lines.filter((line) => saysFailure(line) && !errors.includes(line));
  return [...errors, ...failures, ...lines.filter((line) => !saysFailure(line))];
}

/** Returns the lines of a log without those of stacks and empty ones. */
export const withoutStacks = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.trim() !== '' && !OF_STACK.test(line));

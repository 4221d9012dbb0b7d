/** The parts of a log line that can be compared: its level, its message, and its error, if any. */
export type ReducedLine = readonly string[];

/**
 * Reduces a JSON log: replaces addresses with names and removes local ports.
 *
 * @param host The server under test.
 */
export function reduceLog(log: string, host: string): ReducedLine[] {
  const port = host.split(':')[1] ?? '';
  const named = (text: string) =>
    text
      .replaceAll(host, 'HOST')
      .replaceAll(port, 'PORT')
      .replace(/tcp \S+->/g, 'tcp LOCAL->');
  return log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { level: string; msg: string; error?: string })
    .map(({ level, msg, error }) => [level, named(msg), ...(error === undefined ? [] : [named(error)])]);
}

/** A line of a log, as far as two engines can write the same: level, message, and the error where there is one. */
export type ReducedLine = readonly string[];

/** Reduces a log in JSON: addresses by name, local ports left out. @param host Of the server that was asked. */
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

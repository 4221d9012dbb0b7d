import { fileURLToPath } from 'node:url';
import { originOf } from '../compile/compile-source.ts';

/**
 * Formats an exception thrown by a script: `TypeError: wrong type`, followed by the script's part of the stack.
 *
 * @param inPromise Whether the error comes from a rejected promise, which k6 mentions in the message.
 */
export function describeError(error: unknown, inPromise = false): string {
  const prefix = inPromise ? 'Uncaught (in promise) ' : '';
  if (!(error instanceof Error)) return prefix + String(error);
  const title = error.message === '' ? error.name : `${error.name}: ${error.message}`;
  return [prefix + title, ...scriptFrames(error)].join('\n');
}

function scriptFrames(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at .*[?&]vu=/.test(line))
    .map((line) =>
      line
        .replace(/(file:\/\/[^?)\s]*)\?vu=\d+:(\d+):(\d+)/, (_, url: string, line: string, column: string) => {
          const path = fileURLToPath(url);
          const origin = originOf(path, { line: Number(line), column: Number(column) });
          return `${path}:${origin.line}:${origin.column}`;
        })
        .replace(/^\s+/, '\t')
        // `$k6default` is the name of a rewritten function: see blocking/rewrite-functions.ts.
        .replace('$k6default', 'default')
        .replace(/\$k6\d+(?:\.next)? /, ' '),
    );
}

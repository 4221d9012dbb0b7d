import { InvalidArgumentError } from 'commander';

/**
 * Collects `NAME=VALUE` arguments. The value may be empty, and hold further `=`.
 *
 * @throws InvalidArgumentError where there is no name or no `=`.
 */
export function parsePair(text: string, earlier: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('expected NAME=VALUE');
  return { ...earlier, [text.slice(0, equals)]: text.slice(equals + 1) };
}

import { InvalidArgumentError } from 'commander';

/**
 * Collects `NAME=VALUE` arguments. The value may contain `=`.
 *
 * @throws InvalidArgumentError if the name or the value is missing
 */
export function parsePair(text: string, earlier: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1 || equals === text.length - 1) throw new InvalidArgumentError('expected NAME=VALUE');
  return { ...earlier, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/**
 * Collects `-e NAME=VALUE`. As in k6, the value is empty if there is no `=`.
 *
 * @throws InvalidArgumentError for an invalid name
 */
export function parseVariable(text: string, earlier: Readonly<Record<string, string>>): Record<string, string> {
  const [name = '', ...rest] = text.split('=');
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new InvalidArgumentError(`invalid environment variable name '${name}'`);
  return { ...earlier, [name]: rest.join('=') };
}

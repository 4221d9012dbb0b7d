import { secrets } from './secrets.ts';

/**
 * Keys of what holds a name and no text: of the contract, of a script, of an event. Checkers and readers look for these, so
 * they stay as they are; none of them comes from the environment.
 */
const NAMES = new Set([
  ...['type', 'event', 'kind', 'of', 'to', 'outcome', 'upstream', 'breaker', 'metric', 'expression', 'method', 'name'],
  ...[
    'route',
    'signal',
    'id',
    'about',
    'asked',
    'faults',
    'verdict',
    'scenario',
    'check',
    'folder',
    'profile',
    'voids',
  ],
]);

/** Of the tags of a request, those in which k6 writes texts. The others are names. */
const TEXT_TAGS = ['url', 'error'];

/** A copy of something that is to be written as JSON, without the secrets in its texts. */
export function withoutSecrets<Value>(value: Value, key?: string): Value;
export function withoutSecrets(value: unknown, key = ''): unknown {
  if (NAMES.has(key)) return value;
  if (typeof value === 'string') return secrets.redact(value);
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one, key));
  if (typeof value !== 'object' || value === null) return value;
  const isKept = (name: string) => key === 'tags' && !TEXT_TAGS.includes(name);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isKept(name) ? one : withoutSecrets(one, name)]),
  );
}

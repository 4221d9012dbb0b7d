import { secrets } from './secrets.ts';

/**
 * Keys whose values are identifiers rather than free text. Checkers and readers compare them, so they must not be
 * changed. None of them come from the environment.
 */
const NAMES = new Set([
  'type',
  'event',
  'kind',
  'of',
  'to',
  'outcome',
  'upstream',
  'breaker',
  'metric',
  'expression',
  'method',
  'name',
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

/** Request tags that contain free text. All others are identifiers. */
const TEXT_TAGS = ['url', 'error'];

/** Returns a copy of a JSON value in which all secrets are replaced. */
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

import type { Declared, Field, Module, Range, Value } from './syntax.ts';

/** Returns the environment variable for a field of a class, or undefined if it has none. */
export function settingOfField(declared: Declared, field: Field, module: Module): string | undefined {
  if (field.tag !== undefined) return /\b(?:env|envconfig):"(\w+)/.exec(field.tag)?.[1];
  if (!declared.bases.some((base) => /BaseSettings$/.test(base)) || field.name === 'model_config') return undefined;
  const text = module.text.slice(declared.from, declared.to);
  const [, prefix = ''] = /env_prefix\s*=\s*["'](\w*)["']/.exec(text) ?? [];
  const named =
    field.value?.is === 'call'
      ? (field.value.named.validation_alias ?? field.value.named.alias ?? field.value.named.env)
      : undefined;
  return named?.is === 'constant' ? String(named.constant) : (prefix + field.name).toUpperCase();
}

/** Returns the default of a field that is filled from the environment. */
export function usualOfField({ value, tag, from, to }: Field): Value | undefined {
  const written = tag === undefined ? undefined : /\b(?:envDefault|default):"([^"]*)"/.exec(tag)?.[1];
  if (written !== undefined) return { from, to, is: 'constant', constant: written };
  return value?.is === 'call' ? (value.args[0] ?? value.named.default) : value;
}

/** Returns the fields of a zod schema, or a similar one, that parses the environment. */
export function schemaFields({ text, calls }: Module): { name: string; value: string | undefined; range: Range }[] {
  if (!/process\.env\b/.test(text)) return [];
  return calls.flatMap(({ callee, args }) => {
    const [, second] = args;
    const schema = /(^|\.)(object|Object|cleanEnv)$/.test(callee)
      ? second?.is === 'record'
        ? second
        : args[0]
      : undefined;
    if (schema?.is !== 'record') return [];
    return Object.entries(schema.fields)
      .filter(([name, { is }]) => /^[A-Z][A-Z0-9_]+$/.test(name) && is === 'call')
      .map(([name, range]) => {
        const [, usual] = /default(?:\(|:\s*)["'`]?([^"'`)},]*)/.exec(text.slice(range.from, range.to)) ?? [];
        return { name, value: usual, range };
      });
  });
}

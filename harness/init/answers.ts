/** The types of answers. Each schema validates a text as the user entered it, and converts it. */

import { z } from 'zod';
import type { ContractFile } from '../contract/contract.ts';

type Method = ContractFile['endpoints'][string]['method'];

const ABSENT = ['', 'none'];

const trimmed = z.string().trim();

/** A text that must not be empty. */
export const text = trimmed.min(1, 'an answer is needed');

/** Returns the schema for an answer that may also be "none" or empty, which is converted to undefined. */
export const orNone = <Answer>(schema: z.ZodType<Answer, string>): z.ZodType<Answer | undefined, string> =>
  trimmed.transform((entered, { addIssue }) => {
    if (ABSENT.includes(entered)) return undefined;
    const parsed = schema.safeParse(entered);
    if (parsed.success) return parsed.data;
    addIssue(`none, or ${parsed.error.issues[0]?.message}`);
    return z.NEVER;
  });

/** The fields of a question whose answer may be left out: "none" is its default. */
export const optional = <Answer>(schema: z.ZodType<Answer, string>) => ({ usual: 'none', answer: orNone(schema) });

export const setting = trimmed.regex(/^[A-Za-z_]\w*$/, 'the name of an environment variable, such as API_KEYS');

/** The parts of a database's address, by the end of the name of a setting. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/HOST(NAME)?$/i, '${postgres.host}'],
  [/PORT$/i, '${postgres.port}'],
  [/USER(NAME)?$/i, '${postgres.user}'],
  [/(PASS(WORD)?|PWD)$/i, '${postgres.password}'],
  [/(NAME|DATABASE|DB)$/i, '${postgres.database}'],
];

/** Returns the part of a database's address that a setting has by its name, as a placeholder. */
export const databasePart = (name: string): string | undefined => PARTS.find(([end]) => end.test(name))?.[1];

const PLACE = '${postgres.host}:${postgres.port}/${postgres.database}';

/** Returns the address of a database for a driver, such as `jdbc` or `postgresql+asyncpg`, with the user if it is alone. */
function addressFor(driver: string, isAlone: boolean): string {
  if (driver === 'jdbc')
    return `jdbc:postgresql://${PLACE}${isAlone ? '?user=${postgres.user}&password=${postgres.password}' : ''}`;
  return `${driver}://${isAlone ? '${postgres.user}:${postgres.password}@' : ''}${PLACE}`;
}

const DATABASE_SETTING = /^([A-Za-z_]\w*)(?:=([a-z][a-z+\d]*)|(\?[\w=&-]+))?$/;

/**
 * The setting with the URL of a database, or one for each part. What the URL needs besides follows the name: its driver,
 * as in `DATABASE_URL=jdbc` or `DATABASE_URL=postgresql+asyncpg`, or its query, as in `DATABASE_URL?sslmode=disable`.
 */
export const databaseSettings = trimmed.transform((entered, { addIssue }): Record<string, string> => {
  const refuse = (message: string) => {
    addIssue(message);
    return z.NEVER;
  };
  const words = entered.split(/\s+/).map((word) => DATABASE_SETTING.exec(word)?.slice(1));
  const isAlone = words.length === 1;
  const found: Record<string, string> = {};
  for (const word of words) {
    if (!word)
      return refuse(
        'the name of an environment variable, such as DATABASE_URL, or DATABASE_URL=jdbc for another driver',
      );
    const [name = '', driver, query = ''] = word;
    const value = driver ? addressFor(driver, isAlone) : isAlone ? `\${postgres}${query}` : databasePart(name);
    if (value === undefined)
      return refuse(`names that end with HOST, PORT, USER, PASSWORD or NAME; "${name}" does not`);
    found[name] = value;
  }
  return found;
});

/** The host in a URL, with its port if it is not the usual one. */
export const host = trimmed.regex(
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i,
  'a host, such as api.example.com, with its port if it is not 443',
);

/** Environment variables with their values, separated by spaces. */
export const settings = trimmed
  .regex(/^[A-Za-z_]\w*=\S*(\s+[A-Za-z_]\w*=\S*)*$/, 'settings as NAME=value, separated by spaces')
  .transform((entered) =>
    Object.fromEntries(entered.split(/\s+/).map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string])),
  );

export const path = trimmed.startsWith('/', 'a path, such as /health');

export const whole = trimmed.regex(/^[1-9]\d*$/, 'a whole number above 0').transform(Number);

export const seconds = trimmed
  .regex(/^\d+(\.\d+)?$/, 'a number of seconds')
  .transform(Number)
  .refine((entered) => entered > 0, 'a number of seconds above 0');

export const status = trimmed.regex(/^[1-5]\d\d$/, 'a status, such as 503').transform(Number);

/** An environment variable that holds a number, with its unit. */
export interface NumberSetting {
  readonly name: string;
  readonly unit: 'number' | 's' | 'ms' | 'text';
}

/** The name of a variable with a number, and `ms`, or `text` if it is a text with a unit, such as `30s`. */
export const numberSetting = trimmed
  .regex(/^[A-Za-z_]\w*( (number|s|ms|text))?$/, 'NAME, or NAME with its unit (s, ms, or text for texts such as 30s)')
  .transform((entered): NumberSetting => {
    const [name = '', unit = /_MS$|MILLIS/i.test(name) ? 'ms' : 's'] = entered.split(' ');
    return { name, unit: unit as NumberSetting['unit'] };
  });

export const yesOrNo = trimmed
  .regex(/^(y|yes|n|no)$/i, 'yes or no')
  .transform((entered) => entered.toLowerCase().startsWith('y'));

/** One or more statuses, separated by spaces or commas. */
export const statuses = trimmed
  .regex(/^[1-5]\d\d([\s,]+[1-5]\d\d)*$/, 'one or more statuses, such as "200 404"')
  .transform((entered) => entered.split(/[\s,]+/).map(Number));

const operation = (entered: string) => {
  const [method, where = '/'] = entered.split(' ');
  return { method: method as Method, path: where };
};

export const endpoint = trimmed
  .regex(/^(GET|POST|PUT|PATCH|DELETE) \/[^\s,]*$/, 'a method and a path, such as "POST /chat"')
  .transform(operation);

/** One or more endpoints, such as "POST /chat, GET /items". */
export const endpoints = trimmed
  .regex(
    /^(GET|POST|PUT|PATCH|DELETE) \/[^\s,]*(\s*,\s*(GET|POST|PUT|PATCH|DELETE) \/[^\s,]*)*$/,
    'a method and a path, such as "POST /chat", or several with commas between them',
  )
  .transform((entered) => entered.split(/\s*,\s*/).map(operation));

/** A JSON value. */
export const json = trimmed.transform((entered, { addIssue }): z.core.util.JSONType => {
  try {
    return JSON.parse(entered);
  } catch {
    addIssue('JSON, such as {"question": "hello ${unique}"}');
    return z.NEVER;
  }
});

/** Returns the schema for one of several words. */
export const oneOf = <const Word extends string>(words: readonly Word[]): z.ZodType<Word, string> =>
  trimmed.pipe(z.enum(words, `one of ${words.join(', ')}`)) as z.ZodType<Word, string>;

/** Returns the schema for some of these words, each at most once, separated by spaces. */
export const listOf = (words: readonly string[]): z.ZodType<string[], string> =>
  trimmed
    .transform((entered) => entered.split(/[\s,]+/))
    .refine(
      (entered) => new Set(entered).size === entered.length && entered.every((word) => words.includes(word)),
      `some of ${words.join(', ')}, separated by spaces`,
    );

import { z } from 'zod';
import { ProofloadError } from '../base/errors.ts';
import { AUTHENTICATIONS } from './authentications.ts';

/** An answer that may be empty if the service doesn't have this feature. */
const optional = z.string().trim();
const needed = z.string().trim().min(1, 'an answer is needed');
const endpoint = z.string().regex(/^(GET|POST|PUT|PATCH|DELETE) \/\S*$/, 'a method and a path, such as "POST /chat"');
/** The address of a service on this machine. Contracts don't allow other machines. */
const here = z.string().regex(/^(|http:\/\/127(\.\d{1,3}){3}(:\d+)?\/?)$/, 'nothing, or as http://127.0.0.1:8000');
const whole = z.coerce.number().int('a whole number').positive('a number above 0');

/** Answers about the service itself, as entered by the user. */
const serviceAnswers = {
  name: needed,
  running: here,
  log: optional,
  command: needed,
  readyPath: z.string().startsWith('/', 'a path, such as /health'),
  portSetting: needed,
  databaseSetting: optional,
  secretSetting: optional,
  endpoint,
  body: z.string().refine(isJson, 'nothing, or JSON'),
  served: whole,
  authentication: z.enum(['', ...AUTHENTICATIONS], `nothing, or one of ${AUTHENTICATIONS.join(', ')}`),
  keySetting: optional,
  keyPlace: z.string().regex(/^(\?\S+|[\w-]+)$/, 'a header such as X-Api-Key, or a parameter such as ?key'),
  logIn: z.string().startsWith('/', 'a path, such as /login'),
  session: z.string().regex(/^(cookie|token) \S+$/, 'as "cookie session" or "token access_token"'),
  client: z
    .string()
    .regex(
      /^(socket|key|user|forwarded [1-9]\d*|header [\w-]+)$/,
      'socket, key, user, "forwarded 1" or "header X-Tenant"',
    ),
  readEndpoint: z.union([z.literal(''), endpoint]),
  table: optional,
  ledgerTable: optional,
  ledgerColumn: optional,
  ledgerKey: z.string().includes('${unique}', { message: 'a text with ${unique} in it' }),
  limit: z.string().regex(/^(|\d+ per \d+ seconds)$/, 'nothing, or as "20 per 60 seconds"'),
  window: z.enum(['first-request', 'clock', 'sliding'], 'first-request, clock or sliding'),
  noLimits: z.string().regex(/^(|\w+=\S*)$/, 'nothing, or a setting as NAME=value'),
  threshold: whole,
  recoverySeconds: whole,
  poolMax: whole,
  poolWaitSeconds: whole,
};

/** Answers about one upstream, as entered by the user. */
const upstreamAnswers = {
  /** The environment variable that contains the upstream's base URL. */
  setting: optional,
  /** The path in that URL. */
  path: z
    .string()
    .regex(/^(\/[^/?#\s]+)*$/, 'nothing, or a path such as /openai/v1')
    .default(''),
};

const answersSchema = z.object({
  ...serviceAnswers,
  /** Answers by provider name. */
  upstreams: z.record(z.string(), z.object(upstreamAnswers)),
});

type UpstreamField = keyof typeof upstreamAnswers;

/** Answers after validation. */
export type Answers = z.output<typeof answersSchema>;
export type AnswerName = keyof typeof serviceAnswers | `${string}.${UpstreamField}`;

/** Returns the name of an answer about an upstream, for example `groq.setting`. */
export const upstreamAnswer = (upstream: string, field: UpstreamField): AnswerName => `${upstream}.${field}`;

/** Validates a single answer. Returns true, or a description of the problem. */
export function judgeAnswer(name: AnswerName, text: string): true | string {
  const [first = '', field] = name.split('.');
  const schemas: Record<string, z.ZodType> = field === undefined ? serviceAnswers : upstreamAnswers;
  const parsed = schemas[field ?? first]?.safeParse(text);
  return parsed?.success || (parsed?.error.issues[0]?.message ?? 'not valid');
}

/**
 * Parses answers by name.
 *
 * @throws ProofloadError USAGE with all problems
 */
export function parseAnswers(texts: Record<string, string>): Answers {
  const upstreams: Record<string, Record<string, string>> = {};
  for (const [name, text] of Object.entries(texts)) {
    const [upstream = '', field] = name.split('.');
    if (field !== undefined) upstreams[upstream] = { ...upstreams[upstream], [field]: text };
  }
  const parsed = answersSchema.safeParse({ ...texts, upstreams });
  if (parsed.success) return parsed.data;
  throw new ProofloadError('USAGE', `the answers are not valid:\n${z.prettifyError(parsed.error)}`);
}

function isJson(text: string): boolean {
  try {
    return text === '' || JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

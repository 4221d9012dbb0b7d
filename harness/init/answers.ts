import { z } from 'zod';
import { ProofloadError } from '../base/errors.ts';

/** Text that may be left empty, for something that the service does not have. */
const optional = z.string().trim();
const needed = z.string().trim().min(1, 'an answer is needed');
const endpoint = z.string().regex(/^(GET|POST|PUT|PATCH|DELETE) \/\S*$/, 'a method and a path, such as "POST /chat"');
/** A service on this machine, as the contract takes it. */
const here = z.string().regex(/^(|http:\/\/127(\.\d{1,3}){3}(:\d+)?\/?)$/, 'nothing, or as http://127.0.0.1:8000');
const whole = z.coerce.number().int('a whole number').positive('a number above 0');

/** What a contract is made of, as people answer it: texts as they typed them, in the order in which they are asked. */
const answersSchema = z.object({
  name: needed,
  running: here,
  log: optional,
  command: needed,
  readyPath: z.string().startsWith('/', 'a path, such as /health'),
  portSetting: needed,
  databaseSetting: optional,
  secretSetting: optional,
  llmSetting: optional,
  llmPath: z.string().regex(/^(\/\S*)?$/, 'nothing, or a path such as /openai/v1'),
  memorySetting: optional,
  endpoint,
  body: z.string().refine(isJson, 'nothing, or JSON'),
  served: whole,
  tokenSetting: optional,
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
});

export type Answers = z.output<typeof answersSchema>;
export type AnswerName = keyof Answers;

/**
 * Checks a single answer.
 *
 * @returns true, or what is wrong with it.
 */
export function judgeAnswer(name: AnswerName, text: string): true | string {
  const parsed = answersSchema.shape[name].safeParse(text);
  return parsed.success || (parsed.error.issues[0]?.message ?? 'not valid');
}

/** @throws ProofloadError USAGE, with everything that is wrong. */
export function parseAnswers(texts: Record<string, string>): Answers {
  const parsed = answersSchema.safeParse(texts);
  if (parsed.success) return parsed.data;
  throw new ProofloadError('USAGE', `these answers make no contract:\n${z.prettifyError(parsed.error)}`);
}

function isJson(text: string): boolean {
  try {
    return text === '' || JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

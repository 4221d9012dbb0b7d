import type { ContractFile } from '../contract/contract.ts';
import { oneOf, orNone, settings, text } from './answers.ts';
import type { AuthenticationFile } from './ask-authentication.ts';
import type { Ask } from './question.ts';

const WINDOWS = ['first-request', 'clock', 'sliding', 'weighted', 'token-bucket'] as const;

export type Client = NonNullable<ContractFile['client']>;

/** The rate limit of one client. */
export interface Limits {
  max: number;
  windowSeconds: number;
  window: (typeof WINDOWS)[number];
  client: Client;
  /** The settings that disable the limit. */
  off?: Record<string, string> | undefined;
}

const limit = text
  .regex(/^[1-9]\d* per \d+(\.\d+)? seconds$/, 'as "20 per 60 seconds"')
  .transform((entered) => {
    const [max, , windowSeconds] = entered.split(' ').map(Number);
    return { max: max ?? 0, windowSeconds: windowSeconds ?? 0 };
  })
  .refine(({ windowSeconds }) => windowSeconds > 0, 'as "20 per 60 seconds"');

/** Asks about the rate limit and how clients are identified. Returns undefined if there is no limit. */
export async function askLimits(
  ask: Ask,
  { isRunning, authentication }: { isRunning: boolean; authentication: AuthenticationFile | undefined },
): Promise<Limits | undefined> {
  const found = await ask({
    name: 'limit',
    ask: 'What is the rate limit of one client, such as "20 per 60 seconds", or none?',
    usual: 'none',
    answer: orNone(limit),
  });
  if (!found) return undefined;
  const client = await askClient(ask, authentication);
  const window = await ask({
    name: 'window',
    ask: 'When does a window start: first-request (of a client), clock (at multiples of its length), sliding, weighted, or never (token-bucket)?',
    usual: 'first-request',
    answer: oneOf(WINDOWS),
  });
  const off = isRunning
    ? undefined
    : await ask({
        name: 'noLimits',
        ask: 'Which settings switch the limit off, as NAME=value, or none?',
        usual: 'none',
        answer: orNone(settings),
      });
  return { ...found, window, client, off };
}

function askClient(ask: Ask, authentication: AuthenticationFile | undefined): Promise<Client> {
  const kind = authentication?.kind;
  const words = [
    'socket',
    ...(kind === 'bearer' || kind === 'api-key' ? ['key'] : []),
    ...(kind === undefined || (authentication && 'user' in authentication) ? [] : ['user']),
  ];
  const allowed = `${words.join(', ')}, "forwarded 1" (the last entry of X-Forwarded-For) or "header X-Tenant"`;
  return ask({
    name: 'client',
    ask: `How does it identify clients: ${allowed}?`,
    usual: 'socket',
    answer: text
      .regex(/^(forwarded [1-9]\d*( [\w-]+)?|header [\w-]+|\w+)$/, `one of ${allowed}`)
      .refine((entered) => entered.includes(' ') || words.includes(entered), `one of ${allowed}`)
      .transform(clientOf),
  });
}

function clientOf(answer: string): Client {
  const [kind = '', value = '', header] = answer.split(' ');
  if (kind === 'forwarded') return { forwarded: { hop: Number(value), ...(header !== undefined && { header }) } };
  return kind === 'header' ? { header: value } : (kind as 'socket' | 'key' | 'user');
}

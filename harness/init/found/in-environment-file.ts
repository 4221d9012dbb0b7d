import { parseEnv } from 'node:util';
import type { Provider } from '../../../faults/fakes/provider.ts';
import { providers } from '../../../mocks/providers.ts';
import type { FoundAnswer, FoundAnswers } from './source.ts';

/** A variable that a service reads from its environment, with an example of its value, or an empty text. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/**
 * Returns the answers in a file with an example of the service's environment, such as `.env.example`.
 *
 * @param from The file's name.
 */
export const answersInEnvironment = (text: string, from: string): FoundAnswers =>
  answersInVariables(
    Object.entries(parseEnv(text)).map(([name, value = '']) => ({ name, value })),
    from,
  );

/**
 * Returns the answers in the variables that a service reads: those of the port, the database, the secret key and the
 * upstreams.
 *
 * @param from The files that name them.
 * @param code The code that reads them, which may contain the addresses of providers.
 */
export function answersInVariables(variables: readonly Variable[], from: string, code = ''): FoundAnswers {
  const certain = (answer: string): FoundAnswer => ({ answer, from });
  const guess = (answer: string): FoundAnswer => ({ answer, from, isGuess: true });
  const port = variables.find(({ name }) => name === 'PORT');
  // It may also be the port of something else, such as Redis.
  const otherPort = variables.find(({ name }) => /_PORT$/.test(name));
  const database = variables.find(({ value }) => /^postgres(ql)?:\/\//.test(value));
  const likely = variables.find(({ name, value }) => value === '' && /^(DATABASE|POSTGRES\w*|PG)_UR[LI]$/.test(name));
  // A secret key is promised to be strong, which not every service does.
  const secret = variables.find(({ name }) => /(^|_)SECRET(_KEY)?$/.test(name));
  return {
    ...(otherPort && { portSetting: guess(otherPort.name) }),
    ...(port && { portSetting: certain(port.name) }),
    databaseSetting: database ? certain(database.name) : guess(likely?.name ?? 'none'),
    ...(secret && { secretSetting: guess(secret.name) }),
    ...upstreamsIn(variables, { certain, guess, code }),
  };
}

interface Finder {
  certain(answer: string): FoundAnswer;
  guess(answer: string): FoundAnswer;
  readonly code: string;
}

/**
 * Returns the answers about the providers whose address or API key is among the variables, or whose address is fixed in
 * the code.
 */
function upstreamsIn(variables: readonly Variable[], { certain, guess, code }: Finder): FoundAnswers {
  const used = Object.entries(providers).flatMap(([kind, provider]) => {
    const setting = settingOf(provider, variables);
    const key = variables.find(({ name }) => name === provider.usage.keySetting);
    const isFixed = setting === undefined && code.includes(provider.origin);
    return setting || key || isFixed ? [{ kind, setting, key, isFixed }] : [];
  });
  if (used.length === 0) return {};
  // An address in the code may be part of a comment.
  const found = used.every(({ setting, key }) => setting || key) ? certain : guess;
  const answers: Record<string, FoundAnswer> = { upstreams: found(used.map(({ kind }) => kind).join(' ')) };
  for (const { kind, setting, key, isFixed } of used) {
    if (setting)
      answers[`${kind}.setting`] = certain(setting.value ? `${setting.name}=${setting.value}` : setting.name);
    if (isFixed) answers[`${kind}.setting`] = guess('none');
    if (key) answers[`${kind}.key`] = certain(key.name);
  }
  return answers;
}

/** Returns the variable with a provider's address. */
const settingOf = ({ origin, usage }: Provider, variables: readonly Variable[]): Variable | undefined =>
  variables.find(({ value }) => value.startsWith(origin)) ?? variables.find(({ name }) => name === usage.setting);

import { parseEnv } from 'node:util';
import type { Provider } from '../../../faults/fakes/provider.ts';
import { providers } from '../../../mocks/providers.ts';
import type { FoundAnswer, FoundAnswers } from './source.ts';

/**
 * Returns the answers in a file with an example of the service's environment, such as `.env.example`: the variables of
 * the port, the database, the secret key and the upstreams.
 *
 * @param from The file's name.
 */
export function answersInEnvironment(text: string, from: string): FoundAnswers {
  const variables = Object.entries(parseEnv(text)).map(([name, value = '']) => ({ name, value }));
  const certain = (answer: string): FoundAnswer => ({ answer, from });
  const guess = (answer: string): FoundAnswer => ({ answer, from, isGuess: true });
  const port = variables.find(({ name }) => name === 'PORT') ?? variables.find(({ name }) => /_PORT$/.test(name));
  const databases = variables.filter(({ value }) => /^postgres(ql)?:\/\//.test(value));
  // A secret key is promised to be strong, which not every service does.
  const secret = variables.find(({ name }) => /(^|_)SECRET(_KEY)?$/.test(name));
  return {
    ...(port && { portSetting: certain(port.name) }),
    databaseSetting: databases[0] ? certain(databases[0].name) : guess('none'),
    ...(secret && { secretSetting: guess(secret.name) }),
    ...upstreamsIn(variables, certain),
  };
}

interface Variable {
  name: string;
  value: string;
}

/** Returns the answers about the providers whose address or API key is among the variables. */
function upstreamsIn(variables: readonly Variable[], found: (answer: string) => FoundAnswer): FoundAnswers {
  const used = Object.entries(providers).flatMap(([kind, provider]) => {
    const setting = settingOf(provider, variables);
    const key = variables.find(({ name }) => name === provider.usage.keySetting);
    return setting || key ? [{ kind, setting, key }] : [];
  });
  if (used.length === 0) return {};
  const answers: Record<string, FoundAnswer> = { upstreams: found(used.map(({ kind }) => kind).join(' ')) };
  for (const { kind, setting, key } of used) {
    if (setting) answers[`${kind}.setting`] = found(setting.value ? `${setting.name}=${setting.value}` : setting.name);
    if (key) answers[`${kind}.key`] = found(key.name);
  }
  return answers;
}

/** Returns the variable with a provider's address. */
const settingOf = ({ origin, usage }: Provider, variables: readonly Variable[]): Variable | undefined =>
  variables.find(({ value }) => value.startsWith(origin)) ?? variables.find(({ name }) => name === usage.setting);

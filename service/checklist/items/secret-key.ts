import { fails, holds, type Item, unknown } from './item.ts';

export const secretKey: Item = {
  title: 'SECRET_KEY changed in production',
  judge({ metrics }) {
    const value = (name: string) => ('value' in metrics ? metrics.value.get(name) : undefined);
    const changed = value('protection_enabled{protection="secret_key"}');
    if (changed === undefined) {
      const why = 'missing' in metrics ? metrics.missing : '/metrics does not tell';
      return unknown(`${why}. To see: make chaos SCENARIO=chaos/weak-secret, and the environment of the service`);
    }
    if (changed !== 1) return fails('SECRET_KEY is the default key, which everybody knows');
    return value('service_environment{environment="production"}') === 1
      ? holds('ENVIRONMENT is production, where a default or short key is refused at the start')
      : fails('ENVIRONMENT is not production: the service was not held to the rules of a production key');
  },
};

import { fails, holds, type Item, unknown } from './item.ts';

export const secretKey: Item = {
  title: 'SECRET_KEY changed in production',
  judge({ metrics }) {
    const value = (name: string) => ('value' in metrics ? metrics.value.get(name) : undefined);
    const changed = value('protection_enabled{protection="secret_key"}');
    if (changed === undefined) {
      const why = 'missing' in metrics ? metrics.missing : '/metrics does not show it';
      return unknown(
        `${why}. To check: run make chaos SCENARIO=chaos/weak-secret, and look at the environment of the service`,
      );
    }
    if (changed !== 1) return fails('SECRET_KEY is the default key, which is public');
    return value('service_environment{environment="production"}') === 1
      ? holds('ENVIRONMENT is production, so the service refuses to start with a default or short key')
      : fails('ENVIRONMENT is not production, so the key was not checked by the production rules');
  },
};

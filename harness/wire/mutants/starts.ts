import type { WireMutant } from '../wire-mutant.ts';

export const START_MUTANTS: readonly WireMutant[] = [
  {
    name: 'unsafe-settings-ignored',
    does: 'once, the service starts with its own settings instead of those that it must refuse',
    turnsRed: ['weak-secret-refused', 'unsafe-start-refused'],
    needs: 'secret or refusedStarts',
    create: ({ contract: { secret, refusedStarts = {} } }) => {
      const isWeak = (value: string | null | undefined) => Object.values(secret?.weak ?? {}).includes(value as string);
      const listed = Object.values(refusedStarts).map(({ settings }) => JSON.stringify(settings));
      let isDone = false;
      return {
        settings(settings) {
          const isUnsafe = (secret && isWeak(settings[secret.setting])) || listed.includes(JSON.stringify(settings));
          if (isDone || !isUnsafe) return undefined;
          isDone = true;
          return {};
        },
      };
    },
  },
  {
    name: 'strong-secret-weakened',
    does: 'the service gets a weak secret instead of a strong one',
    turnsRed: ['strong-secret-accepted'],
    disturbs: ['weak-secret-refused'],
    needs: 'secret',
    create: ({ contract: { secret } }) => {
      const [weak] = Object.values(secret?.weak ?? {});
      const strong: unknown[] = Object.values(secret?.strong ?? {});
      return {
        settings: (settings) =>
          secret && weak !== undefined && strong.includes(settings[secret.setting])
            ? { [secret.setting]: weak }
            : undefined,
      };
    },
  },
];

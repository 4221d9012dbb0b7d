import { once } from '../../wire/answers.ts';
import type { WireMutant } from '../../wire/wire-mutant.ts';

type Settings = Readonly<Record<string, string | null>>;

export const START_MUTANTS: readonly WireMutant[] = [
  {
    name: 'unsafe-settings-ignored',
    does: 'once, the service starts with its own settings instead of those that it must refuse',
    turnsRed: ['weak-secret-refused', 'unsafe-start-refused'],
    needs: 'secret or refusedStarts',
    create: ({ contract: { secret, refusedStarts = {} } }) => {
      const isWeak = (value: string | null | undefined) => Object.values(secret?.weak ?? {}).includes(value as string);
      const listed = Object.values(refusedStarts).map(({ settings }) => JSON.stringify(settings));
      return {
        settings: once((settings: Settings) => {
          const isUnsafe = (secret && isWeak(settings[secret.setting])) || listed.includes(JSON.stringify(settings));
          return isUnsafe ? {} : undefined;
        }),
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

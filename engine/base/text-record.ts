import { goText } from './go-format.ts';

/** Copies a record of strings. As in k6's `__ENV`, each value that is assigned to the copy becomes a string. */
export const textRecord = (given: Readonly<Record<string, string>>): Record<string, string> =>
  new Proxy(
    { ...given },
    {
      defineProperty: (target, name, { value, ...how }) =>
        Reflect.defineProperty(target, name, { ...how, value: goText(value) }),
    },
  );

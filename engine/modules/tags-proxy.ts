/** The storage behind a tags object that scripts read and write. */
export interface TagStore {
  read(): Readonly<Record<string, string>>;
  /** @throws TypeError for an invalid value. */
  set(name: string, value: unknown): void;
  delete(name: string): void;
}

/** Creates an object whose properties are tags, such as `exec.vu.metrics.tags`. */
export function tagsProxy(store: TagStore): object {
  return new Proxy(
    {},
    {
      get: (_, name) => (typeof name === 'string' ? store.read()[name] : undefined),
      has: (_, name) => typeof name === 'string' && name in store.read(),
      ownKeys: () => Object.keys(store.read()),
      getOwnPropertyDescriptor: (_, name) =>
        typeof name === 'string' && Object.hasOwn(store.read(), name)
          ? { value: store.read()[name], writable: true, enumerable: true, configurable: true }
          : undefined,
      set: (_, name, value) => {
        store.set(String(name), value);
        return true;
      },
      deleteProperty: (_, name) => {
        store.delete(String(name));
        return true;
      },
    },
  );
}

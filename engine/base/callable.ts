/** Makes a class that a script may also call without `new`, which creates an instance as well. k6's classes are such. */
export const callable = <Class extends new (...args: never[]) => object>(made: Class): Class =>
  new Proxy(made, { apply: (target, _, args) => Reflect.construct(target, args) });

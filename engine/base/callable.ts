/** Returns a class that scripts can also call without `new`, like k6's classes. This creates an instance, too. */
export const callable = <Class extends new (...args: never[]) => object>(made: Class): Class =>
  new Proxy(made, { apply: (target, _, args) => Reflect.construct(target, args) });

/** The parts of a bridge, which is a module that re-exports objects from the engine's memory. */
export interface BridgeParts {
  /** A JavaScript expression for the exported object. */
  readonly exports: string;
  /** The imported names. As in k6, a name that is not exported is undefined. */
  readonly wanted: ReadonlySet<string>;
}

/** The export through which a bridge provides the namespace for `import * as`. */
export const NAMESPACE = '$k6namespace';

/** Creates a bridge to one of the engine's modules. */
export function bridgeOf({ exports, wanted }: BridgeParts, names: readonly string[]): string {
  return [
    `const exports = ${exports};`,
    ...named([...names, ...wanted]),
    names.includes('default') ? 'export default exports.default;' : '',
    ...namespaceIn(wanted),
  ].join('\n');
}

/**
 * Creates a bridge to a CommonJS module. The module is evaluated together with the bridge. Names that it exports later
 * are not visible.
 *
 * @param names The export names found in the module's source.
 */
export function commonJsBridge({ exports, wanted }: BridgeParts, names: ReadonlySet<string>): string {
  return [
    `const exports = ${exports};`,
    ...named([...names, ...wanted]),
    "export default 'default' in exports ? exports.default : exports;",
    ...namespaceIn(wanted),
  ].join('\n');
}

/** Exports the namespace if the script imports it. It consists of the enumerable exports, so without `default`. */
const namespaceIn = (wanted: ReadonlySet<string>): string[] =>
  wanted.has('*')
    ? [
        `const namespace = Object.create(null, { [Symbol.toStringTag]: { value: 'Module' } });`,
        'for (const key of Object.keys(exports).sort()) {',
        'Object.defineProperty(namespace, key, { enumerable: true, get: () => exports[key] });',
        '}',
        `Object.preventExtensions(namespace);`,
        `export { namespace as ${NAMESPACE} };`,
      ]
    : [];

/**
 * Creates the module that exports the globals. Its bindings make properties that a script sets on the global object
 * visible in its modules.
 */
export function globalsBridge({ exports }: BridgeParts, names: readonly string[]): string {
  return [
    `const { values, bind } = ${exports};`,
    `let { ${names.map((name) => `${name}: $${name}`).join(', ')} } = values;`,
    `bind((name, value) => { switch (name) { ${names.map((name) => `case '${name}': $${name} = value; break;`).join(' ')} } });`,
    `export { ${names.map((name) => `$${name} as ${name}`).join(', ')} };`,
  ].join('\n');
}

/** Generates exports, even for names that are reserved words or invalid identifiers. */
const named = (names: readonly string[]): string[] =>
  [...new Set(names)]
    .filter((name) => name !== 'default' && name !== '*')
    .map((name, index) => {
      const text = JSON.stringify(name);
      return `const $${index} = exports[${text}]; export { $${index} as ${text} };`;
    });

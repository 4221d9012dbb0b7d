/** What a module is made of that hands on what the engine has in memory. */
export interface BridgeParts {
  /** An expression for what it exports. */
  readonly exports: string;
  /** The names that are imported of it: as in k6, those that are not there are undefined. */
  readonly wanted: ReadonlySet<string>;
}

/** The name under which a bridge to a CommonJS module has what `import * as` gives. */
export const NAMESPACE = '$k6namespace';

/** A bridge to one of the engine's modules. */
export function bridgeOf({ exports, wanted }: BridgeParts, names: readonly string[]): string {
  return [
    `const exports = ${exports};`,
    ...named([...names, ...wanted]),
    names.includes('default') ? 'export default exports.default;' : '',
  ].join('\n');
}

/**
 * A bridge to a CommonJS module, which is evaluated when the bridge is. What it exports later is not seen.
 *
 * @param names Found in its source.
 */
export function commonJsBridge({ exports, wanted }: BridgeParts, names: ReadonlySet<string>): string {
  const lines = [
    `const exports = ${exports};`,
    ...named([...names, ...wanted]),
    "export default 'default' in exports ? exports.default : exports;",
  ];
  if (!wanted.has('*')) return lines.join('\n');
  return [
    ...lines,
    `const namespace = Object.create(null, { [Symbol.toStringTag]: { value: 'Module' } });`,
    'for (const key of Object.keys(exports).sort()) {',
    'Object.defineProperty(namespace, key, { enumerable: true, get: () => exports[key] });',
    '}',
    `export { namespace as ${NAMESPACE} };`,
  ].join('\n');
}

/** The module of globals: what a script sets on its global object reaches its modules by these bindings. */
export function globalsBridge({ exports }: BridgeParts, names: readonly string[]): string {
  return [
    `const { values, bind } = ${exports};`,
    `let { ${names.map((name) => `${name}: $${name}`).join(', ')} } = values;`,
    `bind((name, value) => { switch (name) { ${names.map((name) => `case '${name}': $${name} = value; break;`).join(' ')} } });`,
    `export { ${names.map((name) => `$${name} as ${name}`).join(', ')} };`,
  ].join('\n');
}

/** Exports names that may be words of the language, or no identifiers at all. */
const named = (names: readonly string[]): string[] =>
  [...new Set(names)]
    .filter((name) => name !== 'default' && name !== '*')
    .map((name, index) => {
      const text = JSON.stringify(name);
      return `const $${index} = exports[${text}]; export { $${index} as ${text} };`;
    });

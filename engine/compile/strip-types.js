import { stripTypeScriptTypes } from 'node:module';
import { keepText } from '../base/keep-text.js';

/**
 * Replaces types by blanks, so that every position stays the same. The result is kept for later processes, because
 * Node's compiler takes long to start. It is JavaScript, because bin/ needs it before Node can read TypeScript below
 * node_modules.
 *
 * @param {string} source
 * @returns {string}
 * @throws SyntaxError ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX for `enum`, `namespace` and parameter properties, which need a
 * compiler, and ERR_INVALID_TYPESCRIPT_SYNTAX for invalid code
 */
export const stripTypes = (source) => keepText('stripped', source, () => strip(source, {}));

/**
 * Compiles TypeScript that can't only be stripped, such as `enum`. A source map is at the end of the text.
 *
 * @param {string} source
 * @returns {string}
 */
export const transformTypes = (source) => strip(source, { mode: 'transform', sourceMap: true });

function strip(source, options) {
  const { emitWarning } = process;
  // Node warns once that the function is experimental. Users of proofload can't act on that.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source, options);
  } finally {
    process.emitWarning = emitWarning;
  }
}

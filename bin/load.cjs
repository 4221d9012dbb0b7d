const { runInThisContext } = require('node:vm');

const NEEDED = 24;

/**
 * Loads one of this package's modules by Node's own loader. Test runners such as Jest run tests in another context, in
 * which they replace `require` and core modules, and can't read the TypeScript of an installed package.
 */
exports.load = (path) => {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) < NEEDED) {
    throw new Error(`this is Node ${node}; proofload needs ${NEEDED} or newer`);
  }
  const { createRequire } = runInThisContext('process.getBuiltinModule("node:module")');
  const own = createRequire(__filename);
  own('./strip-types.js');
  return own(path);
};

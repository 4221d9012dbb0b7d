const NEEDED = 24;

/**
 * Loads one of this package's modules by Node's own loader, also in test runners that replace `require` and `import`
 * and can't read the TypeScript of an installed package.
 */
exports.load = (path) => {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) < NEEDED) {
    throw new Error(`this is Node ${node}; proofload needs ${NEEDED} or newer`);
  }
  const own = process.getBuiltinModule('node:module').createRequire(__filename);
  own('./strip-types.js');
  return own(path);
};

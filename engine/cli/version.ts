import manifest from '../../package.json' with { type: 'json' };

/** Returns the output of `version`: the versions of the package and of Node. */
export const versionLine = (): string => `proofload-embedded v${manifest.version} (node ${process.version})`;

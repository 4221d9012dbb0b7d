import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { flagsFor, readTest, silentLogger } from '../../engine/index.ts';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { describeFolder } from './describe-folder.ts';
import { kubernetesDocuments } from './kubernetes-documents.ts';
import { kubernetesScript } from './kubernetes-script.ts';
import { SCRIPT } from './names.ts';
import { partScript } from './part-script.ts';
import { PLAN, type Plan } from './plan.ts';
import { assertNoScenario, recordingScript } from './recording-script.ts';
import { equalSegments } from './segments.ts';

/** The variable names that k6 accepts for `-e`. */
const VARIABLE = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const [PART, KUBERNETES] = ['run-part.sh', 'run-on-kubernetes.sh'] as const;

/** A test to run on several machines. */
export interface Distribution {
  readonly script: string;
  readonly instances: number;
  readonly env: Readonly<Record<string, string>>;
  readonly image: string | undefined;
  /** The output folder. It is created if necessary. */
  readonly folder: string;
}

/**
 * Writes the files needed for one run of a test on several machines: Kubernetes documents for k6-operator, a shell
 * script that runs them, a shell script for machines that only have k6, the bundled script, and the files that it opens.
 *
 * @throws ProofloadError NOT_DISTRIBUTABLE if the script is a scenario of proofload, if it can't be bundled or
 * evaluated, or if an instance would have no work
 */
export async function distribute(distribution: Distribution): Promise<void> {
  const { script, instances, env, image, folder } = distribution;
  const unfit = Object.keys(env).find((variable) => !VARIABLE.test(variable));
  if (unfit !== undefined) {
    throw new ProofloadError(
      'NOT_DISTRIBUTABLE',
      `k6 can't use the variable "${unfit}": allowed: letters, digits and _, except a digit at the start`,
    );
  }
  const run = randomBytes(4).toString('hex');
  await assertNoScenario(script);
  const { thresholds, seconds, exports } = await assertWorkForAll(distribution);
  const bundle = await recordingScript(script, run, exports);
  const name = `${nameOf(script)}-${run}`;
  const documents = kubernetesDocuments({ name, run, bundle, instances, env, image });
  const files = new Map<string, string | Buffer>([
    ...bundle.files,
    ...documents,
    [SCRIPT, bundle.code],
    [KUBERNETES, kubernetesScript({ name, run, instances, documents: [...documents.keys()], seconds })],
    [PART, partScript(run, instances, env)],
    [PLAN, `${JSON.stringify({ run, instances, env } satisfies Plan, null, 2)}\n`],
    ['README.md', describeFolder({ name, run, instances, thresholds })],
  ]);
  const clash = [...bundle.files.keys()].find((file) => !Buffer.isBuffer(files.get(file)));
  if (clash !== undefined) {
    throw new ProofloadError(
      'NOT_DISTRIBUTABLE',
      `${script} opens the file ${clash}, but that name is reserved; rename the file`,
    );
  }
  await mkdir(folder, { recursive: true });
  for (const [file, content] of files) {
    const path = join(folder, file);
    // Some files contain the values of `__ENV`, which may be secrets. Writing to an existing file doesn't change its
    // mode.
    await writeFile(path, content, { mode: 0o600 });
    await chmod(path, file === PART || file === KUBERNETES ? 0o700 : 0o600);
  }
}

/**
 * Checks that every instance has work.
 *
 * @returns The script's thresholds as written, the longest duration of the test in seconds, and the names of the exports.
 */
async function assertWorkForAll({
  script,
  instances,
  env,
}: Distribution): Promise<{ thresholds: string[]; seconds: number; exports: string[] }> {
  const read = async (options: object) => {
    try {
      return await readTest({ ...flagsFor(script), env, options: { ...options } }, silentLogger);
    } catch (error) {
      throw new ProofloadError('NOT_DISTRIBUTABLE', `${script}: ${messageOf(error)}`, { cause: error });
    }
  };
  const whole = await read({});
  for (const [index, { segment, sequence }] of equalSegments(instances).entries()) {
    const { test } = await read({ executionSegment: segment, executionSegmentSequence: sequence });
    if (test.options.scenarios.some(({ maxVus }) => maxVus > 0)) continue;
    const vus = whole.test.options.scenarios.map(({ config, maxVus }) => `${config.name} ${maxVus}`);
    throw new ProofloadError(
      'NOT_DISTRIBUTABLE',
      `instance ${index + 1} of ${instances} would have nothing to do (VUs by scenario: ${vus.join(', ')}); use fewer instances`,
    );
  }
  const { scenarios, setupTimeout, teardownTimeout } = whole.test.options;
  const ends = scenarios.map(({ config, duration }) => config.startTime + duration + config.gracefulStop);
  return {
    thresholds: whole.thresholds.all.map(({ selector, expression }) => `${selector}: ${expression}`),
    seconds: (setupTimeout + Math.max(...ends) + teardownTimeout) / 1_000,
    exports: Object.keys(whole.exports),
  };
}

/** Converts the script's name to a DNS label, short enough for the suffixes that are added to it. */
function nameOf(script: string): string {
  const label = basename(script, extname(script))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    // The operator creates Services, whose names can't begin with a digit.
    .replace(/^(?![a-z])/, 'k6-')
    .slice(0, 40)
    .replace(/-+$/, '');
  return label === 'k6' ? 'k6-test' : label;
}

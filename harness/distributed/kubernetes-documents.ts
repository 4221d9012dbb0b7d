import { stringify } from 'yaml';
import { ProofloadError } from '../base/errors.ts';
import type { Bundle } from './bundle-script.ts';

/** A test for k6-operator. */
export interface OperatorTest {
  /** Of the ConfigMap and the TestRun: a DNS label. */
  readonly name: string;
  readonly bundle: Bundle;
  readonly instances: number;
  /** What the script finds in `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  /** k6's image; undefined leaves it to the operator. */
  readonly image: string | undefined;
}

/** The script's name in the ConfigMap, and so in the pods. */
export const SCRIPT = 'script.js';

/** What Kubernetes takes in one ConfigMap: bytes, names included. */
const MOST_BYTES = 1_048_576;

/**
 * What instances are told beside their part of the test. Each would judge thresholds by its own part of the samples, and a
 * summary of a part is none of the test, so both are left to who gathers the samples: they go to a pod's log.
 */
const ARGUMENTS = '--no-thresholds --summary-mode=disabled --out json=-';

/**
 * The documents that k6-operator needs, as one YAML text: a ConfigMap with the script and a TestRun (`k6.io/v1alpha1`).
 *
 * @throws ProofloadError NOT_DISTRIBUTABLE where the script and its files are more than a ConfigMap holds.
 */
export function kubernetesDocuments(test: OperatorTest): string {
  return [configMap(test), testRun(test)].map((document) => `---\n${stringify(document, { lineWidth: 0 })}`).join('');
}

function configMap({ name, bundle }: OperatorTest): object {
  const files = [[SCRIPT, Buffer.from(bundle.code)] as const, ...bundle.files];
  const bytes = files.reduce((sum, [file, content]) => sum + file.length + content.length, 0);
  if (bytes > MOST_BYTES) {
    throw new ProofloadError(
      'NOT_DISTRIBUTABLE',
      `the script and the files that it opens are ${bytes} bytes; a ConfigMap holds ${MOST_BYTES}. Bring them in another way, such as a volume, and use the commands for plain machines`,
    );
  }
  const isText = (content: Buffer) => Buffer.from(content.toString()).equals(content);
  const texts = files.filter(([, content]) => isText(content)).map(([file, content]) => [file, content.toString()]);
  const others = files.filter(([, content]) => !isText(content));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: Object.fromEntries(texts),
    ...(others.length > 0 && {
      binaryData: Object.fromEntries(others.map(([file, content]) => [file, content.toString('base64')])),
    }),
  };
}

function testRun({ name, instances, env, image }: OperatorTest): object {
  const variables = Object.entries(env).map(([variable, value]) => ({ name: variable, value: escaped(value) }));
  return {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: { name },
    spec: {
      parallelism: instances,
      arguments: ARGUMENTS,
      script: { configMap: { name, file: SCRIPT } },
      runner: {
        ...(image !== undefined && { image }),
        // Nothing is reported to anybody. The pod that reads the script first gets all of these, too.
        env: [...variables, { name: 'K6_NO_USAGE_REPORT', value: 'true' }],
      },
    },
  };
}

/** Kubernetes puts variables in where a value has `$(NAME)`, and takes `$$` for one `$`. */
const escaped = (value: string): string => value.replaceAll('$', () => '$$');

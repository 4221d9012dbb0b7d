import { stringify } from 'yaml';
import { ProofloadError } from '../base/errors.ts';
import type { Bundle } from './bundle-script.ts';

/** A test for k6-operator. */
export interface OperatorTest {
  /** The name for the ConfigMap and the TestRun, which must be a DNS label. */
  readonly name: string;
  readonly bundle: Bundle;
  readonly instances: number;
  /** The content of the script's `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  /** The k6 image, or undefined to use the operator's default. */
  readonly image: string | undefined;
}

/** The script's file name in the ConfigMap and in the pods. */
export const SCRIPT = 'script.js';

/** Maximum size of a ConfigMap in Kubernetes, in bytes, including file names. */
const MOST_BYTES = 1_048_576;

/**
 * The k6 arguments for each instance. An instance has only part of the samples, so it must not judge thresholds or
 * print a summary. Instead, `proofload gather` does both, using the samples in the pods' logs.
 */
const ARGUMENTS = '--no-thresholds --summary-mode=disabled --out json=-';

/**
 * Returns the documents for k6-operator as YAML: a ConfigMap with the script, and a TestRun (`k6.io/v1alpha1`).
 *
 * @throws ProofloadError NOT_DISTRIBUTABLE if the script and its files don't fit into a ConfigMap
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
      `the script and the files that it opens have ${bytes} bytes, and a ConfigMap can hold ${MOST_BYTES}. Use the commands for plain machines, or provide the files on a volume`,
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
        // Disable the usage report. The pod that reads the script first gets these variables as well.
        env: [...variables, { name: 'K6_NO_USAGE_REPORT', value: 'true' }],
      },
    },
  };
}

/** Escapes a value, because Kubernetes expands `$(NAME)` and reads `$$` as `$`. */
const escaped = (value: string): string => value.replaceAll('$', () => '$$');

import { stringify } from 'yaml';
import { ProofloadError } from '../base/errors.ts';
import type { Bundle } from './bundle-script.ts';
import { k6Arguments, RUN_LABEL, SCRIPT } from './names.ts';

/** A test for k6-operator. */
export interface OperatorTest {
  /** The name of all objects, which must be a DNS label. It contains the run's id. */
  readonly name: string;
  /** The run's id. */
  readonly run: string;
  readonly bundle: Bundle;
  readonly instances: number;
  /** The content of the script's `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  /** The k6 image, or undefined to use the operator's default. */
  readonly image: string | undefined;
}

/** Maximum size of a ConfigMap or Secret in Kubernetes, in bytes, including names. */
const MOST_BYTES = 1_048_576;

/**
 * Returns the documents for k6-operator as YAML, by file name, in the order in which they have to be created: a
 * ConfigMap with the script, a Secret with the variables if there are any, and a TestRun (`k6.io/v1alpha1`).
 *
 * @throws ProofloadError NOT_DISTRIBUTABLE if the script and its files, or the variables, are too large
 */
export function kubernetesDocuments(test: OperatorTest): Map<string, string> {
  const documents = [
    ['configmap.yaml', configMap(test)],
    ...(hasVariables(test) ? [['secret.yaml', secret(test)] as const] : []),
    ['testrun.yaml', testRun(test)],
  ] as const;
  return new Map(documents.map(([file, document]) => [file, stringify(document, { lineWidth: 0 })]));
}

const hasVariables = ({ env }: OperatorTest): boolean => Object.keys(env).length > 0;

const metadata = ({ name, run }: OperatorTest) => ({ name, labels: { [RUN_LABEL]: run } });

function configMap(test: OperatorTest): object {
  const files = [[SCRIPT, Buffer.from(test.bundle.code)] as const, ...test.bundle.files];
  assertFits(files, 'the script and the files that it opens', 'a ConfigMap');
  const isText = (content: Buffer) => Buffer.from(content.toString()).equals(content);
  const texts = files.filter(([, content]) => isText(content)).map(([file, content]) => [file, content.toString()]);
  const others = files.filter(([, content]) => !isText(content));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(test),
    data: Object.fromEntries(texts),
    ...(others.length > 0 && {
      binaryData: Object.fromEntries(others.map(([file, content]) => [file, content.toString('base64')])),
    }),
  };
}

function secret(test: OperatorTest): object {
  const variables = Object.entries(test.env);
  assertFits(
    variables.map(([variable, value]) => [variable, Buffer.from(value)]),
    'the variables',
    'a Secret',
  );
  return { apiVersion: 'v1', kind: 'Secret', metadata: metadata(test), type: 'Opaque', stringData: test.env };
}

function assertFits(entries: readonly (readonly [string, Buffer])[], what: string, place: string): void {
  const bytes = entries.reduce((sum, [name, content]) => sum + Buffer.byteLength(name) + content.length, 0);
  if (bytes <= MOST_BYTES) return;
  throw new ProofloadError(
    'NOT_DISTRIBUTABLE',
    `${what} have ${bytes} bytes, and ${place} can hold ${MOST_BYTES}. Use smaller files, for example a part of the data`,
  );
}

function testRun(test: OperatorTest): object {
  const { name, run, instances, image } = test;
  return {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: metadata(test),
    spec: {
      parallelism: instances,
      arguments: `${k6Arguments(run)} --out json=-`,
      script: { configMap: { name, file: SCRIPT } },
      runner: {
        ...(image !== undefined && { image }),
        metadata: { labels: { [RUN_LABEL]: run } },
        // The pod that reads the script first gets the same variables. The operator writes those of `env` to a command
        // line there, and not those of `envFrom`.
        ...(hasVariables(test) && { envFrom: [{ secretRef: { name } }] }),
        // Disable the usage report.
        env: [{ name: 'K6_NO_USAGE_REPORT', value: 'true' }],
      },
    },
  };
}

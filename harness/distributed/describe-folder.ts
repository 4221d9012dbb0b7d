import { RUN, SCRIPT } from './names.ts';

/** Returns the README for a distributed test. It explains how to run the test from its folder and how to judge it. */
export function describeFolder(test: {
  readonly name: string;
  readonly run: string;
  readonly instances: number;
  readonly thresholds: readonly string[];
}): string {
  const { name, run, instances, thresholds } = test;
  const judged =
    thresholds.length === 0
      ? 'The script has no thresholds, so its runs are INCONCLUSIVE.'
      : `Each instance has only a part of the samples, so it can't judge a count or a percentile of the whole test. The instances
therefore judge nothing, and \`abortOnFail\` has no effect. \`gather\` judges these thresholds, using all samples:

${thresholds.map((threshold) => `- \`${threshold}\``).join('\n')}`;
  const all = Array.from({ length: instances }, (_, index) => index + 1);
  return `# ${name}, in ${instances} part${instances === 1 ? '' : 's'}: run ${run}

\`${SCRIPT}\` is the script with everything that it imports. The instances share the test: each VU, iteration and arrival
belongs to one of them. Each instance runs \`setup()\` and \`teardown()\`. The script's \`handleSummary()\` is not called.

This folder is for one run, whose id is in the names of the Kubernetes objects and in all samples (\`${RUN}\`). For
another run, call \`proofload distribute\` again.

## On Kubernetes, with k6-operator

\`\`\`sh
./run-on-kubernetes.sh
\`\`\`

It creates the run's objects, waits for the test, and saves the log of each part with the exit code and the state of its
container. It ends early if the operator reports an error or if Jobs fail. Ctrl-C stops the test and deletes the objects.
For another namespace, run \`KUBECTL="kubectl --namespace load" ./run-on-kubernetes.sh\`.

Don't apply the documents yourself: \`kubectl apply\` does nothing if the run exists already, and refuses a script of more
than 262,144 bytes. The script's variables are in a Secret (\`secret.yaml\`).

A node may discard the beginning of a pod's log at some size, often 10 MiB. \`gather\` detects that. Raise the node's
limit (\`containerLogMaxSize\`) for longer tests.

## On plain machines

Copy the folder to each machine. Then run these commands, one per machine, at the same time. Set \`START_AT\` to a common
start time.

\`\`\`sh
${all.map((part) => `./run-part.sh ${part}`).join('\n')}
\`\`\`

To use the embedded engine, run \`K6="npx proofload" ./run-part.sh 1\`, for example. Then copy all \`samples-*.json\` to
this folder.

## Thresholds

${judged}

\`\`\`sh
npx proofload gather .
\`\`\`

The verdict is INCONCLUSIVE if anything is missing: samples of a part, its last line with k6's exit code, an iteration in
the middle. A rate per second is the average from the first sample to the last one. A threshold without samples does not
pass.
`;
}

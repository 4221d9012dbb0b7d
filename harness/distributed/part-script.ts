import { SCRIPT } from './kubernetes-documents.ts';
import { equalSegments } from './segments.ts';

/**
 * Returns a shell script that runs one part of a test on the current machine. It gives the samples file its final name
 * only after the part has succeeded, so that a truncated file is never mistaken for a complete one.
 *
 * @param env The content of the script's `__ENV`.
 */
export function partScript(instances: number, env: Readonly<Record<string, string>>): string {
  const cases = equalSegments(instances).map(({ segment }, index) => `${index + 1}) segment=${segment} ;;`);
  const sequence = equalSegments(instances)[0]?.sequence;
  // Don't use -e, because every user on the machine can read a process's arguments.
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)} \\\n`);
  return `#!/bin/sh
# Runs one of ${instances} parts of the test: ./run-part.sh <1 to ${instances}>, one on each machine, all at the same time.
#   K6        the command to run it with (k6)
#   START_AT  seconds since the epoch at which to begin, for machines whose clocks agree
set -eu
part=\${1:-}
case "$part" in
${cases.join('\n')}
*) echo "usage: $0 <1 to ${instances}>" >&2; exit 2 ;;
esac
cd "$(dirname "$0")"
wait=$((\${START_AT:-0} - $(date +%s)))
if [ "$wait" -gt 0 ]; then sleep "$wait"; fi
# shellcheck disable=SC2086
set -- \${K6:-k6} run --include-system-env-vars --execution-segment "$segment" --execution-segment-sequence ${sequence} \\
  --no-thresholds --summary-mode=disabled --tag instance_id="$part" --out "json=samples-$part.part" \\
  ${SCRIPT}
${variables.join('')}"$@"
mv "samples-$part.part" "samples-$part.json"
`;
}

/** Quotes a string as a single shell word. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

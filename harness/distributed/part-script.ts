import { appendEnd } from './end-mark.ts';
import { INSTANCE, k6Arguments, SCRIPT, samplesFile, TOTALS_FILE } from './names.ts';
import { equalSegments } from './segments.ts';

/**
 * Returns a shell script that runs one part of a test on the current machine. However k6 ends, it appends an end mark
 * to the samples. Without this mark, `gather` doesn't trust them.
 *
 * @param run The run's id.
 * @param env The content of the script's `__ENV`.
 */
export function partScript(run: string, instances: number, env: Readonly<Record<string, string>>): string {
  const cases = equalSegments(instances).map(({ segment }, index) => `${index + 1}) segment=${segment} ;;`);
  const sequence = equalSegments(instances)[0]?.sequence;
  // Don't use -e, because every user on the machine can read a process's arguments.
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)} \\\n`);
  return `#!/bin/sh
# Runs one of ${instances} parts of the run ${run}: ./run-part.sh <1 to ${instances}>, one on each machine, all at the same time.
#   K6        the command to run it with (k6)
#   START_AT  seconds since the epoch at which to begin, for machines whose clocks agree
# Ends with k6's exit code.
set -eu
part=\${1:-}
case "$part" in
${cases.join('\n')}
*) echo "usage: $0 <1 to ${instances}>" >&2; exit 2 ;;
esac
cd "$(dirname "$0")"
${appendEnd(run)}

samples=${samplesFile('$part')} totals=totals-$part.json
# Samples of an earlier start must not be taken for those of this one.
rm -f "$samples" "$totals"
wait=$((\${START_AT:-0} - $(date +%s)))
if [ "$wait" -gt 0 ]; then sleep "$wait"; fi
: > "$samples"
# shellcheck disable=SC2086
set -- \${K6:-k6} run --execution-segment "$segment" --execution-segment-sequence ${sequence} \\
  ${k6Arguments(run)} --tag ${INSTANCE}="$part" --out "json=$samples" \\
  ${SCRIPT}
${variables.join('')}${TOTALS_FILE}="$totals" "$@" &
k6=$!
# Ctrl-C in a terminal reaches k6 as well, so only the other signals are passed on. The mark is appended in any case.
trap interrupted=1 INT
trap 'interrupted=1; kill -TERM "$k6" || :' TERM HUP
# A signal interrupts wait. If k6 ends at the same time, its exit code is known only to the next wait, or to the last one.
last=
while :; do
  interrupted= code=0
  wait "$k6" || code=$?
  [ -n "$interrupted" ] || break
  last=$code
done
if [ "$code" = 127 ] && [ -n "$last" ]; then code=$last; fi
if [ -f "$totals" ]; then cat "$totals" >> "$samples"; rm "$totals"; fi
append_end "$samples" "$part" "$code" ""
exit "$code"
`;
}

/** Quotes a string as a single shell word. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

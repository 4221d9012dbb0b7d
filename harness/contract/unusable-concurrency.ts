import type { Contract } from './contract.ts';
import type { Problem } from './dangling-names.ts';

/** Finds promises about concurrent calls and connections that no scenario can judge. */
export function unusableConcurrency({ endpoints, upstreams }: Contract): Problem[] {
  return Object.entries(upstreams).flatMap(([name, upstream]) => {
    if ('tcp' in upstream) return [];
    const { concurrency, queueSeconds, callsPerConnection } = upstream;
    const path = ['upstreams', name];
    const isReached = Object.values(endpoints).some(({ reaches }) => reaches.includes(name));
    const promised = Object.entries({ concurrency, callsPerConnection }).filter(([, value]) => value !== undefined);
    const problems = isReached
      ? []
      : promised.map(([field]) => ({
          path: [...path, field],
          message: `no endpoint reaches "${name}"; list it in \`reaches\``,
        }));
    if (queueSeconds === undefined || concurrency !== undefined) return problems;
    return [
      ...problems,
      { path: [...path, 'queueSeconds'], message: 'needs a number of concurrent calls; set `concurrency`' },
    ];
  });
}

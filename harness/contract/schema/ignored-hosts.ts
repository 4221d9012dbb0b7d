import { z } from 'zod';

/** Hosts that the service calls through the lab's proxy although no upstream stands for them. */
export const ignoredHosts = z
  .array(
    z
      .string()
      .regex(/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'must be a host name in lower case, or *. and a domain')
      .describe('a host, such as telemetry.example.com, or all hosts of a domain, such as *.example.com'),
  )
  .describe(
    'hosts that the service calls through ${proxy} and that are no upstreams, such as for telemetry: the lab refuses ' +
      'these calls, and does not judge them',
  );

/** Whether a host and port is one of the hosts that an entry stands for. */
export function isHost(entry: string, address: string): boolean {
  const host = address.replace(/:\d+$/, '');
  return entry.startsWith('*.') ? host.endsWith(entry.slice(1)) : host === entry;
}

/** The upstreams of a contract, also of the reduced one that a history keeps. */
interface WithUpstreams {
  readonly upstreams: Readonly<Record<string, { readonly tcp?: unknown } | object>>;
}

/** Whether an upstream is an HTTP server, and not a TCP server or the database. */
export function isHttp({ upstreams }: WithUpstreams, name: string): boolean {
  const described = upstreams[name];
  return described !== undefined && !('tcp' in described && described.tcp !== undefined);
}

export declare function keepText(kind: string, input: string, compute: () => string): string;
export declare function keptText(
  kind: string,
  input: string,
  place?: string,
): { readonly text: string | undefined; keep(text: string): void };

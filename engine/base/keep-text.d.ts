export declare function keepText(kind: string, input: string, compute: () => string): string;

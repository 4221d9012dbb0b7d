export declare function stripTypes(source: string): string;
export declare function transformTypes(source: string): string;

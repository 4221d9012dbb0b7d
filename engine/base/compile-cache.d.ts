export declare function nameCompileCache(): string;

/**
 * Names statements, so that each connection has PostgreSQL parse and plan one only once. A statement is named after when it was
 * first asked for: its text would not fit (PostgreSQL cuts names at 63 bytes). Only for statements that are written in the code;
 * values belong into parameters, or the names would never end.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  of(statement: string): string {
    const name = this.#names.get(statement) ?? `statement-${this.#names.size + 1}`;
    this.#names.set(statement, name);
    return name;
  }
}

/**
 * Assigns names to statements, so that PostgreSQL parses and plans each only once per connection. Statements are
 * numbered, since PostgreSQL truncates names at 63 bytes. Use it only for constant statements, with values as
 * parameters; otherwise the number of names is unbounded.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  of(statement: string): string {
    const name = this.#names.get(statement) ?? `statement-${this.#names.size + 1}`;
    this.#names.set(statement, name);
    return name;
  }
}

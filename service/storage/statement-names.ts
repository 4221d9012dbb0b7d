/**
 * Assigns names to statements, so that PostgreSQL parses and plans each one only once per connection. The names are
 * numbers, because PostgreSQL truncates names to 63 bytes. Use it only for constant statements with parameters.
 * Otherwise the number of names would be unbounded.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  of(statement: string): string {
    const name = this.#names.get(statement) ?? `statement-${this.#names.size + 1}`;
    this.#names.set(statement, name);
    return name;
  }
}

/** What a string field contains: some sentences, a few words, or nothing that may be replaced. */
export type FieldText = 'long' | 'short' | 'fixed';

/** Last words of the names of fields whose strings programs use, for example in addresses and comparisons. */
const USED = new Set(
  `id ids uuid guid key keys token tokens secret password code codes url urls uri href link path paths file filename
  email mail phone currency locale lang language country region zone timezone type types kind status state version hash
  etag checksum signature date time datetime timestamp at on format mime encoding model object role scope level mode
  cursor page sort order direction unit color colour host hostname domain ip port sku slug number amount price total iban
  bic cron regex pattern sql enum flag method reference ref field column`.split(/\s+/),
);

/** Last words of the names of fields with sentences. */
const SENTENCES = new Set(
  `text summary content description answer message body reply response explanation reason reasoning rationale comment
  note notes analysis story output result details instructions feedback review transcript translation paragraph advice
  suggestion`.split(/\s+/),
);

/** Returns what a string contains that is in a field with this name, such as `userId` or `first_name`. */
export function textOfField(name: string): FieldText {
  const last =
    name
      .match(/[A-Z]?[a-z]+|[A-Z]+/g)
      ?.at(-1)
      ?.toLowerCase() ?? '';
  if (USED.has(last)) return 'fixed';
  return SENTENCES.has(last) ? 'long' : 'short';
}

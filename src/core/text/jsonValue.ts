/** What a tolerant JSON parse yields. Numbers may be NaN or ±Infinity: Python's `json.dumps` writes them. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

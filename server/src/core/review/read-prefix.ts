import { type Prefix, parsePrefix } from '../net/prefix.js';
import type { JsonFile, JsonValue } from './json-file.js';

/** Reads the prefixes of a list; each that is none leaves a problem. */
export function readPrefixes(json: JsonFile, list: JsonValue | undefined): { prefix: Prefix; value: JsonValue }[] {
  return json.strings(list).flatMap(({ text, value }) => {
    const prefix = parsePrefix(text);
    if (prefix !== undefined) return [{ prefix, value }];
    json.problem(value, `"${text}" is no IPv4 prefix. Write it as 10.20.10.0/24, or one address as 10.20.10.5.`);
    return [];
  });
}

import { AceTable } from '../../model/ace-table.js';
import type { Acl } from '../../model/acl.js';
import { movedOrigin, type Origin } from '../../model/origin.js';
import { movedEnd, type TextChange } from '../../text/edit.js';
import type { SourceFile } from '../../text/source-file.js';

/**
 * The same plain data in a text that was changed, with everything behind the change where it stands
 * now. What stands before it is shared. Only origins, and lists with their tables, know places.
 */
export function moved<T>(value: T, change: TextChange, source: SourceFile): T {
  return movedValue(value, change, source) as T;
}

function movedValue(value: unknown, change: TextChange, source: SourceFile): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Set) return value;
  if (Array.isArray(value)) return movedArray(value, change, source);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, movedValue(one, change, source)]));
  if (value instanceof AceTable) return value.edited(source, change);
  if (isOrigin(value)) return movedOrigin(value, change);
  if (isAcl(value)) return movedAcl(value, change, source);
  return movedObject(value as Readonly<Record<string, unknown>>, change, source);
}

function movedAcl(acl: Acl, change: TextChange, source: SourceFile): Acl {
  return {
    ...acl,
    origin: movedOrigin(acl.origin, change),
    entries: acl.entries.edited(source, change),
    end: movedEnd(acl.end, change),
  };
}

function movedArray(values: readonly unknown[], change: TextChange, source: SourceFile): readonly unknown[] {
  let result: unknown[] | undefined;
  for (let at = 0; at < values.length; at += 1) {
    const now = movedValue(values[at], change, source);
    if (now === values[at]) continue;
    result ??= [...values];
    result[at] = now;
  }
  return result ?? values;
}

function movedObject(value: Readonly<Record<string, unknown>>, change: TextChange, source: SourceFile): object {
  let result: Record<string, unknown> | undefined;
  for (const key in value) {
    const one = value[key];
    if (typeof one !== 'object') continue;
    const now = movedValue(one, change, source);
    if (now === one) continue;
    result ??= { ...value };
    result[key] = now;
  }
  return result ?? value;
}

function isOrigin(value: object): value is Origin {
  return 'start' in value && 'end' in value && 'file' in value;
}

function isAcl(value: object): value is Acl {
  return 'entries' in value && value.entries instanceof AceTable;
}

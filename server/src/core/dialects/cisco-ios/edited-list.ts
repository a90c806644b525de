import type { AceRow } from '../../model/acl.js';
import type { AddressTerm } from '../../model/header-match.js';

/** Numbers that the device gives count by this. */
export const SEQUENCE_STEP = 10;

/** What one line does to the list that the lines before it have made. */
export type EditedEntry =
  /** `row` undefined: an entry that decides nothing about whole packets, but is one. */
  | { readonly kind: 'add'; readonly sequence: number | undefined; readonly row: AceRow | undefined }
  | { readonly kind: 'remove'; readonly row: AceRow | undefined }
  | { readonly kind: 'remove-number'; readonly sequence: number }
  | { readonly kind: 'resequence'; readonly first: number; readonly step: number }
  /** A removal of something unknown: nothing is certain any more. */
  | { readonly kind: 'doubt'; readonly row: AceRow }
  | { readonly kind: 'nothing' };

interface Held {
  sequence: number;
  readonly key: string;
  row: AceRow | undefined;
}

const MAX_SEQUENCE = 2_147_483_647;

/**
 * The list that its lines make one after the other, in the order of evaluation ("IP Access List
 * Entry Sequence Numbering", Cisco IOS): an entry without a number goes to the end, 10 above the
 * last; one that the list holds already, whatever its number, changes nothing; a number that is taken
 * is refused ("Duplicate sequence number") by the documents, and known to replace the old entry on
 * other releases, so both entries are uncertain.
 * @param eachLine gives what each line does, in order
 */
export function editedEntries(eachLine: (take: (line: EditedEntry) => void) => void): {
  readonly entries: readonly AceRow[];
  readonly isEmpty: boolean;
} {
  const held = new Map<number, Held>();
  const byKey = new Map<string, Held>();
  const doubts: AceRow[] = [];
  const clashing: { readonly sequence: number; readonly row: AceRow }[] = [];
  /** The highest number in use; undefined where it was taken away. */
  let last: number | undefined = 0;
  const remove = (entry: Held | undefined): void => {
    if (entry === undefined) return;
    held.delete(entry.sequence);
    byKey.delete(entry.key);
    if (entry.sequence === last) last = undefined;
  };
  let index = 0;
  eachLine((line) => {
    index += 1;
    switch (line.kind) {
      case 'add': {
        const key = keyOf(line.row, index);
        if (byKey.has(key)) break;
        last ??= highest(held);
        const sequence: number = line.sequence ?? last + SEQUENCE_STEP;
        if (sequence > MAX_SEQUENCE) break;
        const taken = held.get(sequence);
        if (taken !== undefined) {
          const words = `sequence number ${sequence} is used twice`;
          if (taken.row !== undefined) taken.row = { ...taken.row, undecidable: taken.row.undecidable ?? words };
          if (line.row !== undefined)
            clashing.push({ sequence, row: { ...line.row, undecidable: line.row.undecidable ?? words } });
          break;
        }
        const entry = { sequence, key, row: line.row };
        held.set(sequence, entry);
        byKey.set(key, entry);
        last = Math.max(last, sequence);
        break;
      }
      case 'remove':
        remove(byKey.get(keyOf(line.row, index)));
        break;
      case 'remove-number':
        remove(held.get(line.sequence));
        break;
      case 'resequence':
        last = resequence(held, line.first, line.step);
        break;
      case 'doubt':
        doubts.push(line.row);
        break;
      case 'nothing':
    }
  });
  const ordered: { sequence: number; row: AceRow }[] = [...clashing];
  for (const { sequence, row } of held.values()) if (row !== undefined) ordered.push({ sequence, row });
  ordered.sort((a, b) => a.sequence - b.sequence);
  return {
    entries: [...doubts, ...ordered.map(({ row }) => row)],
    isEmpty: held.size === 0 && doubts.length === 0,
  };
}

/** What makes two entries the same to a device: all but number, remarks and logging. */
function keyOf(row: AceRow | undefined, index: number): string {
  if (row === undefined) return `fragments ${index}`;
  const { action, match, undecidable } = row;
  return JSON.stringify([
    action,
    match.src.map(counting),
    match.dst.map(counting),
    match.services,
    match.state,
    undecidable,
  ]);
}

/** An address without the bits that do not count. */
function counting(term: AddressTerm): AddressTerm {
  return term.kind === 'range' ? term : { ...term, value: (term.value & ~term.wildcard) >>> 0 };
}

function highest(held: ReadonlyMap<number, Held>): number {
  let found = 0;
  for (const sequence of held.keys()) found = Math.max(found, sequence);
  return found;
}

/** Numbers the entries anew, in their order; returns the last number. */
function resequence(held: Map<number, Held>, first: number, step: number): number {
  const entries = [...held.values()].sort((a, b) => a.sequence - b.sequence);
  held.clear();
  let next = first;
  for (const entry of entries) {
    entry.sequence = next;
    held.set(next, entry);
    next += step;
  }
  return entries.length === 0 ? 0 : next - step;
}

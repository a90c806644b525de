import type { Acl } from '../../model/acl.js';
import type { SourceFile } from '../../text/source-file.js';
import type { Span } from '../../text/span.js';
import { Words } from '../common/words.js';
import { indentation } from './file-lines.js';
import { portNames, takePortTest, takeProtocol } from './services.js';

/** How an entry of a list is written in its file. */
export interface WrittenEntry {
  /** The entry's text on its line, without what belongs to the line end. */
  readonly span: Span;
  /** Blanks before it, and `access-list 101 ` where the list is written so. */
  readonly indent: string;
  readonly prefix: string;
  /** Its sequence number's span; undefined where none is written. */
  readonly sequence: Span | undefined;
  /** Where `permit` or `deny` begins. */
  readonly body: number;
}

export function writtenEntry(file: SourceFile, acl: Acl, index: number): WrittenEntry {
  const start = acl.entries.startAt(index);
  const end = acl.entries.endAt(index);
  const words = new Words().set(file.text, start, end);
  let prefix = '';
  if (words.next() && words.is('access-list', 3)) {
    words.next();
    prefix = `${file.text.slice(start, words.stop)} `;
    words.next();
  }
  let sequence: Span | undefined;
  if (words.number() !== undefined) {
    sequence = { start: words.start, end: words.stop };
    words.next();
  }
  return { span: { start, end }, indent: indentation(file, start), prefix, sequence, body: words.start };
}

/** Where the mask of one side of an entry is written; undefined where that side has none. */
export function maskSpan(file: SourceFile, acl: Acl, index: number, side: 'src' | 'dst'): Span | undefined {
  const { body, span } = writtenEntry(file, acl, index);
  const words = new Words().set(file.text, body, span.end);
  words.next();
  let protocol: number | undefined;
  if (acl.kind !== 'standard') {
    if (words.accept('object-group', 2)) {
      words.next();
    } else {
      const taken = takeProtocol(words);
      protocol = taken === 'unread' ? undefined : taken;
    }
  }
  const src = takeMask(words);
  if (side === 'src' || acl.kind === 'standard') return side === 'src' ? src : undefined;
  takePortTest(words, portNames(protocol));
  return takeMask(words);
}

/** Takes an address, and answers with the span of its mask. */
function takeMask(words: Words): Span | undefined {
  if (words.accept('any', 1)) return undefined;
  if (words.accept('host', 1) || words.accept('object-group', 1)) {
    words.next();
    return undefined;
  }
  if (words.takeIp() === undefined || words.takeIp() === undefined) return undefined;
  return { start: words.start, end: words.stop };
}

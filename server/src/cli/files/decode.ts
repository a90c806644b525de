import { isAscii } from 'node:buffer';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { keepBytes } from '../../core/text/ascii.js';
import { decodeText, MAX_FILE_BYTES } from '../../core/text/decode.js';
import type { Content } from './tree.js';

export const BINARY = 'a binary file';
export const TOO_LARGE: Content = {
  reason: `larger than ${MAX_FILE_BYTES / 1024 / 1024} MB`,
  weight: 'grave',
};

/** The text that bytes hold. Most configurations are ASCII, which becomes a string without being decoded. */
export function contentOf(bytes: Buffer): Content {
  if (isPlain(bytes)) return { text: bytes.toString('latin1') };
  const decoded = decodeText(bytes);
  return 'text' in decoded ? decoded : { reason: BINARY, weight: 'harmless' };
}

/** Zeros behind the bytes of a large file, so that they may be read as they are. */
const PADDING = 16;
/** Of smaller files it does not matter. */
const LARGE_BYTES = 1 << 18;

/**
 * The text of a file of `size` bytes, which are kept beside it where they are as good to read.
 * @throws as `readFileSync`
 */
export function contentAt(path: string, size: number): Content {
  if (size < LARGE_BYTES) return contentOf(readFileSync(path));
  const padded = Buffer.allocUnsafeSlow(size + PADDING);
  const length = readInto(path, padded);
  // It has grown since it was asked how large it is.
  if (length > size) return contentOf(readFileSync(path));
  padded.fill(0, length);
  const bytes = padded.subarray(0, length);
  if (!isPlain(bytes)) return contentOf(bytes);
  const text = bytes.toString('latin1');
  keepBytes(text, padded);
  return { text };
}

/** Fills the bytes as far as the file goes, and says how far that is. */
function readInto(path: string, bytes: Uint8Array): number {
  const file = openSync(path, 'r');
  try {
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return length;
  } finally {
    closeSync(file);
  }
}

function isPlain(bytes: Buffer): boolean {
  return isAscii(bytes) && !bytes.includes(0);
}

import { isAscii } from 'node:buffer';
import { decodeText, MAX_FILE_BYTES } from '../../core/text/decode.js';
import type { Content } from './tree.js';

export const BINARY = 'a binary file';
export const TOO_LARGE: Content = {
  reason: `larger than ${MAX_FILE_BYTES / 1024 / 1024} MB`,
  weight: 'grave',
};

/** The text that bytes hold. Most configurations are ASCII, which becomes a string without being decoded. */
export function contentOf(bytes: Buffer): Content {
  if (isAscii(bytes) && !bytes.includes(0)) return { text: bytes.toString('latin1') };
  const decoded = decodeText(bytes);
  return 'text' in decoded ? decoded : { reason: BINARY, weight: 'harmless' };
}

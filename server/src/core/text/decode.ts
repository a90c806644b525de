/** What the bytes of a file hold: its text, as an editor would show it, or no text at all. */
export type Decoded = { readonly text: string } | { readonly binary: true };

/** A file larger than this, in bytes, is not read: no configuration is, and a string of it might not fit. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;

// Node, browsers and workers all have it; the core's own library declares neither of them.
declare const TextDecoder: new (encoding: Encoding) => { decode(bytes: Uint8Array): string };

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Bytes looked at to tell text from binary. */
const SAMPLE_BYTES = 8192;
/** Fewer control characters than this are stray ones, however short the file. */
const STRAY_CONTROLS = 16;
/** Compressed and encrypted bytes hold about 10 % of them; a terminal capture far less than 1 %. */
const MAX_CONTROL_SHARE = 0.05;
/** Damaged files, and those of some vendors, hold stray NULs; machine code holds more than this. */
const MAX_NUL_SHARE = 0.2;

/**
 * The text of a file. UTF-8 unless a byte order mark, or the place of the zero bytes, says UTF-16.
 *
 * The mark is no part of the text, and a byte that is no UTF-8 becomes U+FFFD, both as editors have
 * it: a place in this text is the same place there. NULs stay, since a file with a few is still a
 * configuration.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const encoding = markedEncoding(bytes) ?? unmarkedEncoding(bytes);
  if (encoding === undefined) return { binary: true };
  return { text: new TextDecoder(encoding).decode(bytes) };
}

function markedEncoding(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** The encoding of a file without a mark; undefined where it is binary. */
function unmarkedEncoding(bytes: Uint8Array): Encoding | undefined {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  // NULs at the end are padding, and tell nothing.
  let size = sample.length;
  while (size > 0 && sample[size - 1] === 0) size -= 1;
  let controls = 0;
  let evenNuls = 0;
  let oddNuls = 0;
  for (let at = 0; at < size; at += 1) {
    const byte = sample[at] as number;
    if (byte === 0) {
      if (at % 2 === 0) evenNuls += 1;
      else oddNuls += 1;
    } else if (isStrayControl(byte)) controls += 1;
  }
  // Latin text in UTF-16 has a zero in nearly every second byte, and none in the others.
  const expectedNuls = Math.floor(size / 2) * 0.8;
  if (size >= 8 && evenNuls === 0 && oddNuls >= expectedNuls) return 'utf-16le';
  if (size >= 8 && oddNuls === 0 && evenNuls >= expectedNuls) return 'utf-16be';
  if (controls >= STRAY_CONTROLS && controls > size * MAX_CONTROL_SHARE) return undefined;
  const nuls = evenNuls + oddNuls;
  if (nuls >= STRAY_CONTROLS && nuls > size * MAX_NUL_SHARE) return undefined;
  return 'utf-8';
}

/** Control characters that no text and no capture of a terminal holds. */
function isStrayControl(byte: number): boolean {
  if (byte >= 0x20) return byte === 0x7f;
  // ETX (a banner's ^C), BEL, BS, TAB, LF, VT, FF, CR and ESC do occur.
  return byte !== 0x03 && !(byte >= 0x07 && byte <= 0x0d) && byte !== 0x1b;
}

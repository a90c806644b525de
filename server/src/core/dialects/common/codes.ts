import { takeBytes } from '../../text/ascii.js';

// Node, browsers and workers all have it; the core's own library declares neither of them.
declare const TextEncoder: new () => {
  encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number };
};

/** Zeros behind the last character, so that looking a few characters ahead needs no check. */
const PADDING = 16;
/** What stands for a character that is not ASCII. */
const OTHER = 255;
const BLANK = 32;

/**
 * The text's characters, a byte each and at the same offsets: ASCII as it is, a no-break space and a
 * BOM as a blank, anything else as 255, and zeros behind the last. Reading a byte takes a third of the time of `charCodeAt`,
 * which must look at the kind of string each time.
 */
export function codesOf(text: string): Uint8Array {
  const bytes = takeBytes(text);
  if (bytes !== undefined && bytes.length >= text.length + PADDING) return bytes;
  const codes = roomFor(text.length + PADDING);
  const { read, written } = new TextEncoder().encodeInto(text, codes);
  // Whatever is not ASCII takes more bytes than it takes places in a string.
  if (read === text.length && written === text.length) {
    codes.fill(0, written, written + PADDING);
    return codes;
  }
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    codes[at] = code < 128 ? code : code === 160 || code === 0xfeff ? BLANK : OTHER;
  }
  codes.fill(0, text.length, text.length + PADDING);
  return codes;
}

/** A larger room is not kept: it would be memory that nothing uses. */
const LARGEST_KEPT = 1 << 23;
/** The room of codes that are of no more use. A server reads a file with each letter that is typed. */
let room: Uint8Array | undefined;

/** Room for so many codes at least, with anything in it. */
function roomFor(length: number): Uint8Array {
  const codes = room;
  // A little text is not to hold a large room.
  if (codes === undefined || codes.length < length || codes.length > 2 * length) return new Uint8Array(length);
  room = undefined;
  return codes;
}

/** Says that codes are of no more use. Others will stand in their place. */
export function releaseCodes(codes: Uint8Array): void {
  if (codes.length <= LARGEST_KEPT && codes.length > (room?.length ?? 0)) room = codes;
}

/** As `skipBlanks`, on codes. */
export function skipBlankCodes(codes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && isBlankCode(codes[next] as number)) next += 1;
  return next;
}

/** As `trimEnd`, on codes. */
export function trimCodes(codes: Uint8Array, start: number, end: number): number {
  let last = end;
  while (last > start && isBlankCode(codes[last - 1] as number)) last -= 1;
  return last;
}

/** As `isBlank`, for codes. */
export function isBlankCode(code: number): boolean {
  if (code > 32) return code === 127;
  return code === 32 || (code >= 8 && code <= 13) || code === 0;
}

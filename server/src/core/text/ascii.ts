/**
 * The bytes of the ASCII text that was decoded last. Of such a text the bytes are the characters: who reads
 * it byte by byte need not make them again, which for a large file takes as long as reading it from disk.
 */
let last: { readonly text: string; readonly bytes: Uint8Array } | undefined;

/** @param bytes those of the text, which is ASCII, and whatever else behind them */
export function keepBytes(text: string, bytes: Uint8Array): void {
  last = { text, bytes };
}

/** The bytes of a text where they were kept. They are forgotten: nothing else holds them. */
export function takeBytes(text: string): Uint8Array | undefined {
  if (last?.text !== text) return undefined;
  const { bytes } = last;
  last = undefined;
  return bytes;
}

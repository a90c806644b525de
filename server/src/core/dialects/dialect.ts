import type { Reading, Surroundings } from '../model/reading.js';
import type { Prefix } from '../net/prefix.js';
import type { TextEdit } from '../text/edit.js';
import type { SourceFile } from '../text/source-file.js';

export type { Reading, Surroundings } from '../model/reading.js';

/** The score of a file that is of a dialect beyond doubt. */
export const HIGHEST_SCORE = 100;

/**
 * How well a file looks like a dialect, from 0, not at all, to `HIGHEST_SCORE`. The highest score of all
 * dialects wins, the first in the order of the registry where several have it.
 */
export interface Evidence {
  readonly score: number;
}

/**
 * One vendor's configuration language: the one face of its folder.
 *
 * No input makes any of these throw, and no statement is lost.
 */
export interface Dialect {
  readonly id: string;
  /** As people call it: `Cisco IOS`. */
  readonly name: string;
  /** The sign that begins a comment line. */
  readonly comment: string;
  /** What is one device: each file, or all files of such dialects in one folder. */
  readonly deviceIs: 'file' | 'folder';
  detect(file: SourceFile): Evidence;
  /**
   * Reads a file whole: text to statements, to the vendor's own configuration, to the neutral device.
   * @param fallbackName the device's name where the file does not give one
   * @param around the other files, for what the file takes in from them; absent: there are none
   */
  read(file: SourceFile, fallbackName: string, around?: Surroundings): Reading;
  /**
   * Reads a file whose text differs in one place from that of an earlier reading, with as much of that
   * reading as still holds. The answer is what `read` gives; undefined where that takes a look at the
   * whole file.
   */
  reread?(before: Reading, file: SourceFile, fallbackName: string): Reading | undefined;
  /** Whether the file is a shell script with commands of the dialect; it may have those of others, too. */
  isCalledIn?(file: SourceFile): boolean;
  readonly write: DialectWriter;
}

/**
 * How fixes are spelt. Each gives the edits that say it in the dialect's own idiom, or undefined
 * where the dialect or this place has no idiom for it. The caller proves them.
 */
export interface DialectWriter {
  /**
   * Denies `destinations` from any source in the list `acl`, before its entry `beforeIndex`. `remark` names
   * why. `acl` may be the key of a chain; the number of its rules as `beforeIndex` means behind the last.
   */
  denyBefore?(
    reading: Reading,
    acl: string,
    beforeIndex: number,
    destinations: readonly Prefix[],
    remark: string,
  ): TextEdit[] | undefined;
  /**
   * Writes a new list that denies `destinations` and permits the rest, and applies it to `iface`: inward,
   * or as `direction` says where the dialect can.
   */
  applyFilter?(
    reading: Reading,
    iface: string,
    destinations: readonly Prefix[],
    remark: string,
    direction?: 'in' | 'out',
  ): TextEdit[] | undefined;
  /** Routes `destinations` nowhere in `vrf`. */
  nullRoute?(reading: Reading, vrf: string, destinations: readonly Prefix[], remark: string): TextEdit[] | undefined;
  /** Moves entry `index` of `acl` to stand before its entry `beforeIndex`. */
  moveBefore?(reading: Reading, acl: string, index: number, beforeIndex: number): TextEdit[] | undefined;
  /** Writes the mask of one side of entry `index` the other way round: `255.255.255.0` as `0.0.0.255`, or back. */
  correctMask?(reading: Reading, acl: string, index: number, side: 'src' | 'dst'): TextEdit[] | undefined;
}

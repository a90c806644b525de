import type { SourceFile } from '../text/source-file.js';
import type { Statements } from '../text/statements.js';
import type { Device } from './device.js';

/** What one reading of one file gives. */
export interface Reading {
  readonly file: SourceFile;
  readonly statements: Statements;
  readonly device: Device;
  /**
   * What of a device only one file can say (`iptables filter`, `nftables ruleset`): a second file that
   * claims the same is of another device, or of another time. Absent: nothing.
   */
  readonly claims?: readonly string[];
  /** What other dialects read of the same text: a script may call several programs. */
  readonly beside?: readonly Reading[];
  /** Paths of the files whose text this reading has taken in: they say nothing more by themselves. */
  readonly includes?: readonly string[];
}

/** The files that stand around the one that is read. */
export interface Surroundings {
  /**
   * The reviewed files that a path or a glob means, sorted by path: relative to the folder of the file
   * that is read, or absolute as on the device, where the end of a reviewed file's path counts.
   */
  find(pattern: string): readonly SourceFile[];
  /** Whether a file is read as part of a device that is a folder, for what it says itself. */
  isRead(file: SourceFile): boolean;
}

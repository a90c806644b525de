import type { SourceFile } from '../text/source-file.js';
import type { Statements } from '../text/statements.js';
import type { Device } from './device.js';

/** What one reading of one file gives. */
export interface Reading {
  readonly file: SourceFile;
  readonly statements: Statements;
  readonly device: Device;
}

import type { SourceFile } from '../../text/source-file.js';
import type { Dialect, Reading } from '../dialect.js';
import { convert } from './convert.js';
import { detect } from './detect.js';
import { extract } from './extract.js';
import { splitStatements } from './read.js';
import { writer } from './write.js';

/** Cisco IOS and IOS-XE. */
export const ciscoIos: Dialect = {
  id: 'cisco-ios',
  name: 'Cisco IOS',
  comment: '!',
  deviceIs: 'file',
  detect,
  read(file: SourceFile, fallbackName: string): Reading {
    const statements = splitStatements(file);
    const device = convert(extract(file, statements), fallbackName);
    return { file, statements, device };
  },
  write: writer,
};

import type { SourceFile } from '../../text/source-file.js';
import type { Dialect, Reading, Surroundings } from '../dialect.js';
import { detect } from './detect.js';
import { load } from './load.js';
import { isShell } from './shell.js';
import { writer } from './write.js';

/** nftables: its configuration files, what `nft list ruleset` prints, and scripts that call nft. */
export const linuxNftables: Dialect = {
  id: 'linux-nftables',
  name: 'Linux nftables',
  comment: '#',
  deviceIs: 'folder',
  detect,
  isCalledIn: ({ text }) => isShell(text),
  read(file: SourceFile, fallbackName: string, around?: Surroundings): Reading {
    return load(file, fallbackName, around).reading;
  },
  write: writer,
};

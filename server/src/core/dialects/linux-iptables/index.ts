import type { SourceFile } from '../../text/source-file.js';
import type { Dialect, Reading, Surroundings } from '../dialect.js';
import { detect, isCalledIn } from './detect.js';
import { load } from './load.js';
import { writer } from './write.js';

/** iptables: what `iptables-save` prints, restore files, scripts that call it, and ufw's rule files. */
export const linuxIptables: Dialect = {
  id: 'linux-iptables',
  name: 'Linux iptables',
  comment: '#',
  deviceIs: 'folder',
  detect,
  isCalledIn,
  read(file: SourceFile, fallbackName: string, around?: Surroundings): Reading {
    return load(file, fallbackName, around).reading;
  },
  write: writer,
};

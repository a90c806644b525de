import type { SourceFile } from '../../text/source-file.js';
import type { Dialect, Reading, Surroundings } from '../dialect.js';
import { emptyConfig, type LinuxConfig } from './config.js';
import { convert } from './convert.js';
import { type Format, formatOf, isCalledIn } from './formats.js';
import { readFrr } from './frr.js';
import { readInterfaces } from './ifupdown.js';
import { Lines } from './lines.js';
import { readNetplan } from './netplan.js';
import { readNetworkd } from './networkd.js';
import { readRecording } from './recording.js';
import { readScript } from './script.js';
import { forwardingDoubt, readTableNames } from './surroundings.js';
import { readSysctl } from './sysctl.js';
import { writer } from './write.js';

const ID = 'linux-routes';

type Reader = (lines: Lines, config: LinuxConfig, around?: Surroundings) => void;

const READERS: Readonly<Record<Format, Reader>> = {
  recording: readRecording,
  script: readScript,
  ifupdown: readInterfaces,
  netplan: readNetplan,
  networkd: readNetworkd,
  frr: readFrr,
  sysctl: readSysctl,
};

/** Addresses, links, routes and rules of a Linux device, in whichever of its formats they are told. */
export const linuxRoutes: Dialect = {
  id: ID,
  name: 'Linux routes',
  comment: '#',
  deviceIs: 'folder',
  detect(file: SourceFile) {
    return { score: formatOf(file).score };
  },
  isCalledIn,
  read(file: SourceFile, fallbackName: string, around?: Surroundings): Reading {
    const lines = new Lines(file);
    const config = emptyConfig(around === undefined ? undefined : readTableNames(around));
    const { format, score } = formatOf(file);
    READERS[score === 0 && isCalledIn(file) ? 'script' : format](lines, config, around);
    const doubt = forwardingDoubt(config, file, around);
    if (doubt !== undefined) config.forwardingDoubt = doubt;
    return {
      file,
      statements: lines.statements,
      device: convert(config, file.path, fallbackName, ID),
      ...(config.claims.size === 0 ? {} : { claims: [...config.claims].sort() }),
      ...(config.includes.length === 0 ? {} : { includes: config.includes }),
    };
  },
  write: writer,
};

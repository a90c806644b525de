import type { SourceFile } from '../../text/source-file.js';
import type { Surroundings } from '../dialect.js';
import type { LinuxConfig } from './config.js';

/** More names of tables than this no kernel has. */
const MOST_NAMES = 1000;

/** The names that `/etc/iproute2/rt_tables` gives to tables, by number. */
export function readTableNames(around: Surroundings): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const pattern of ['rt_tables', '/etc/iproute2/rt_tables', '/etc/iproute2/rt_tables.d/*.conf']) {
    for (const { text } of around.find(pattern)) {
      for (const match of text.matchAll(/^[ \t]*(\d{1,10})[ \t]+([\w.-]+)/gm)) {
        if (names.size < MOST_NAMES) names.set(match[1] as string, match[2] as string);
      }
    }
  }
  return names;
}

const SWITCHES_ON =
  /(?:ip_forward|net[./]ipv4[./]conf[./]all[./]forwarding)\s*=\s*[1-9]|IPForward(?:ing)?\s*=\s*(?:yes|true|on|1|ipv4|both)|IPv4Forwarding\s*=\s*(?:yes|true|on|1)|echo\s+["']?1["']?\s*>\s*\/proc\/sys\/net\/ipv4\/(?:ip_forward|conf\/all\/forwarding)|^ip forwarding/m;
const WHERE = ['*', 'sysctl.d/*', '../sysctl.conf', '../sysctl.d/*', '/etc/sysctl.conf', '/etc/sysctl.d/*.conf'];

/**
 * A file switches forwarding off, and one beside it switches it on: which of them is read last
 * cannot be told.
 */
export function forwardingDoubt(config: LinuxConfig, file: SourceFile, around?: Surroundings): string | undefined {
  if (around === undefined || !config.forwarding.some(({ iface, on }) => iface === 'all' && !on)) return undefined;
  for (const pattern of WHERE) {
    for (const other of around.find(pattern)) {
      if (other.path !== file.path && SWITCHES_ON.test(other.text)) return `${other.path} switches forwarding on`;
    }
  }
  return undefined;
}

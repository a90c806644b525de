import { StatementState } from '../../text/statements.js';
import type { LinuxConfig } from './config.js';
import { applySetting } from './forwarding.js';
import type { Lines } from './lines.js';

/** Settings of the kernel: `key = value`, the last line of a key counts. Source: sysctl.conf(5), sysctl.d(5). */
export function readSysctl(lines: Lines, config: LinuxConfig): void {
  for (let row = 0; row < lines.count; row += 1) {
    const line = lines.text(row).trim();
    const equals = line.indexOf('=');
    if (equals === -1 || line.startsWith('#') || line.startsWith(';')) continue;
    // A hyphen before the key: an error of it is not told.
    const key = line.slice(0, equals).replace(/^-/, '').trim();
    const value = line.slice(equals + 1).trim();
    if (/^[\w.*/?[\]:@-]+$/.test(key)) {
      lines.mark(row, applySetting(config, key, value, lines.origin(row)) ?? StatementState.ignored);
    }
  }
  lines.finish('#;');
}

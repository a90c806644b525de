import type { Origin } from '../../model/origin.js';
import { StatementState } from '../../text/statements.js';
import { interfaceOf, type LinuxConfig } from './config.js';

const KEY = /^net[./]ipv4[./](?:(ip_forward)|conf[./](.+)[./](forwarding|rp_filter))$/;

/**
 * What a kernel setting says of forwarding. Setting `ip_forward` sets `forwarding` of all interfaces,
 * so that the order of lines counts. Source: Documentation/networking/ip-sysctl.rst of the kernel.
 * @param key with dots or slashes; a name with dots in it is written `eth0/210` between dots
 * @returns undefined where the setting is about something else
 */
export function applySetting(
  config: LinuxConfig,
  key: string,
  value: string,
  origin: Origin,
): StatementState | undefined {
  const found = KEY.exec(key);
  if (found === null) return /^net[./]/.test(key) ? StatementState.ignored : undefined;
  const [, global, written, setting] = found;
  const number = /^\d+$/.test(value) ? Number(value) : undefined;
  const iface = global === undefined ? (written ?? '') : 'all';
  const name = key.includes('/') && !key.startsWith('net/') ? iface.replaceAll('/', '.') : iface;
  if (setting === 'rp_filter') return reversePath(config, name, number, origin);
  if (number === undefined) return StatementState.unmodelled;
  if (/[*?[]/.test(name)) return StatementState.unmodelled;
  config.forwarding.push({ iface: name, on: number !== 0, origin });
  return StatementState.modelled;
}

/**
 * The greater of an interface's own value and that for all counts; of a name alone the own value
 * is known, so that only `all` = 2 (loose) can weaken it.
 */
function reversePath(config: LinuxConfig, name: string, value: number | undefined, origin: Origin): StatementState {
  if (name === 'all' || name === 'default' || /[*?[]/.test(name) || value === undefined)
    return StatementState.unmodelled;
  const iface = interfaceOf(config, name, origin);
  if (value === 1) iface.reversePath = { mode: 'strict', origin };
  else if (value === 2) iface.reversePath = { mode: 'loose', origin };
  else delete iface.reversePath;
  return StatementState.modelled;
}

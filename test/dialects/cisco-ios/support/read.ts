import assert from 'node:assert/strict';
import { ciscoIos } from '../../../../server/src/core/dialects/cisco-ios/index.js';
import type { Reading } from '../../../../server/src/core/dialects/dialect.js';
import type { Acl } from '../../../../server/src/core/model/acl.js';
import type { Device, Interface, StaticRoute, Vrf } from '../../../../server/src/core/model/device.js';
import type {
  AddressTerm,
  HeaderMatch,
  PortRange,
  ServiceTerm,
} from '../../../../server/src/core/model/header-match.js';
import { formatIp } from '../../../../server/src/core/net/ip.js';
import { formatPrefix } from '../../../../server/src/core/net/prefix.js';
import { protocolName, TcpFlag } from '../../../../server/src/core/net/protocols.js';
import { SourceFile } from '../../../../server/src/core/text/source-file.js';

export function read(text: string): Reading {
  return ciscoIos.read(new SourceFile('core1.cfg', text), 'core1');
}

export function deviceOf(text: string): Device {
  return read(text).device;
}

export function aclOf(text: string, name: string): Acl {
  const acl = deviceOf(text).acls.get(name);
  assert.ok(acl, `there is a list ${name}`);
  return acl;
}

/** The entries of a list, one string each, without the implicit deny, which must be there. */
export function entriesOf(text: string, name = 'A'): string[] {
  const { entries } = aclOf(text, name);
  if (entries.count === 0) return [];
  const all = Array.from({ length: entries.count }, (_, index) => entries.aceAt(index));
  const implicit = all.pop();
  assert.ok(implicit?.implicit && implicit.action === 'deny', 'a list with entries ends in its implicit deny');
  return all.map(({ action, match, undecidable }) => {
    const doubt = undecidable === undefined ? '' : ` (${undecidable})`;
    return `${action} ${formatMatch(match)}${doubt}`;
  });
}

/** What one entry of an extended list matches. */
export function entryOf(line: string): string {
  return entriesOf(`ip access-list extended A\n ${line}\n`)[0] ?? 'nothing';
}

export function interfaceOf(text: string, name: string): Interface {
  const iface = deviceOf(text).interfaces.find((each) => each.name === name);
  assert.ok(iface, `there is an interface ${name}`);
  return iface;
}

export function vrfOf(text: string, name = 'default'): Vrf {
  const vrf = deviceOf(text).vrfs.find((each) => each.name === name);
  assert.ok(vrf, `there is a VRF ${name}`);
  return vrf;
}

export function addressesOf(iface: Interface): string[] {
  return iface.addresses.map(
    ({ ip, prefix, secondary }) => `${formatIp(ip)}/${prefix.length}${secondary ? ' secondary' : ''}`,
  );
}

export function formatRoute(route: StaticRoute): string {
  const parts = [
    formatPrefix(route.prefix),
    route.discard ? 'discard' : '',
    route.iface ?? '',
    route.nextHop === undefined ? '' : formatIp(route.nextHop),
    `[${route.distance}]`,
    route.permanent ? 'permanent' : '',
    route.nextHopVrf === undefined ? '' : `in ${route.nextHopVrf}`,
    route.undecidable === undefined ? '' : `(${route.undecidable})`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

const STATES = ['unread', 'modelled', 'ignored', 'unmodelled', 'unknown'] as const;

/** The state of each statement, with its text without the blanks around it. */
export function statesOf(text: string): [string, string][] {
  const { file, statements } = read(text);
  return Array.from({ length: statements.count }, (_, row) => {
    const end = row + 1 < statements.count ? statements.starts[row + 1] : file.text.length;
    return [file.text.slice(statements.starts[row], end).trim(), STATES[statements.states[row] as number] ?? 'wrong'];
  });
}

/** The lines of a text that ended in `state`. */
export function linesIn(state: (typeof STATES)[number], text: string): string[] {
  return statesOf(text)
    .filter(([, each]) => each === state)
    .map(([line]) => line);
}

function formatMatch({ src, dst, services, state }: HeaderMatch): string {
  const side = (terms: readonly AddressTerm[]): string => terms.map(formatAddress).join('|');
  const text = services
    .map((service) => {
      const protocol = service.protocol === undefined ? 'ip' : protocolName(service.protocol);
      const rest = formatService(service);
      return `${protocol} ${side(src)}${formatPorts(service.srcPorts)} ${side(dst)}${formatPorts(service.dstPorts)}${rest}`;
    })
    .join(' or ');
  return state === undefined ? text : `${text} ${state}`;
}

function formatAddress(term: AddressTerm): string {
  if (term.kind === 'range') return `${formatIp(term.first)}-${formatIp(term.last)}`;
  if (term.wildcard === 0xffffffff) return 'any';
  return term.wildcard === 0 ? formatIp(term.value) : `${formatIp(term.value)}~${formatIp(term.wildcard)}`;
}

function formatPorts(ports: readonly PortRange[] | undefined): string {
  if (ports === undefined) return '';
  return `:${ports.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',')}`;
}

function formatService({ icmp, tcpFlags }: ServiceTerm): string {
  const messages = icmp?.map(({ type, code }) => ` type ${type}${code === undefined ? '' : ` code ${code}`}`).join('');
  const flags = Object.entries(TcpFlag)
    .map(([name, bit]) =>
      tcpFlags === undefined ? '' : (tcpFlags.set & bit ? ` +${name}` : '') + (tcpFlags.clear & bit ? ` -${name}` : ''),
    )
    .join('');
  return (messages ?? '') + (tcpFlags === undefined ? '' : ` ${tcpFlags.kind}${flags}`);
}

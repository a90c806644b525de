import assert from 'node:assert/strict';
import type { Reading, Surroundings } from '../../../../server/src/core/dialects/dialect.js';
import { linuxIptables } from '../../../../server/src/core/dialects/linux-iptables/index.js';
import type {
  AddressTerm,
  HeaderMatch,
  PortRange,
  ServiceTerm,
} from '../../../../server/src/core/model/header-match.js';
import type { Chain, Policy, PolicyAction, Test, TranslatedAddress } from '../../../../server/src/core/model/policy.js';
import { formatIp } from '../../../../server/src/core/net/ip.js';
import { formatPrefix } from '../../../../server/src/core/net/prefix.js';
import { protocolName, TcpFlag } from '../../../../server/src/core/net/protocols.js';
import { SourceFile } from '../../../../server/src/core/text/source-file.js';

export function read(text: string, path = 'fw/rules.v4', around?: Surroundings): Reading {
  return linuxIptables.read(new SourceFile(path, text), 'fw', around);
}

/** Files that stand in one folder. */
export function folder(files: Readonly<Record<string, string>>): Surroundings {
  const sources = Object.entries(files).map(([name, text]) => new SourceFile(`fw/${name}`, text));
  return {
    isRead: () => true,
    find(pattern) {
      const name = pattern.slice(pattern.lastIndexOf('/') + 1);
      if (name === '*') return sources;
      return sources.filter(({ path }) => path === `fw/${name}` || path.endsWith(`/${name}`));
    },
  };
}

export function chainOf(reading: Reading, key: string): Chain {
  const chain = reading.device.chains?.get(key);
  assert.ok(chain, `there is a chain ${key} in ${[...(reading.device.chains?.keys() ?? [])]}`);
  return chain;
}

export function policyOf(reading: Reading, name: string): Policy {
  const policy = reading.device.policies?.find((each) => each.name === name);
  assert.ok(policy, `there is a policy ${name}`);
  return policy;
}

/** The rules of a chain, one string each. */
export function rulesOf(text: string, key = 'filter FORWARD', around?: Surroundings): string[] {
  return formatChain(read(text, 'fw/rules.v4', around), key);
}

export function formatChain(reading: Reading, key: string): string[] {
  return [...chainOf(reading, key).rules].map(({ tests, action }) =>
    [...tests.map(formatTest), formatAction(action)].join(' '),
  );
}

/** What one rule of filter FORWARD, or of another table's chain, becomes. */
export function ruleOf(rule: string, table = 'filter', chain = 'FORWARD', more = ''): string {
  return rulesOf(`*${table}\n${more}-A ${chain} ${rule}\nCOMMIT\n`, `${table} ${chain}`)[0] ?? 'nothing';
}

const STATES = ['unread', 'modelled', 'ignored', 'unmodelled', 'unknown'] as const;

/** The state of each line that is not empty, with its text. */
export function statesOf(reading: Reading): [string, string][] {
  const { file, statements } = reading;
  return Array.from({ length: statements.count }, (_, row): [string, string] => {
    const end = row + 1 < statements.count ? statements.starts[row + 1] : file.text.length;
    const state = STATES[statements.states[row] as number] ?? 'wrong';
    return [file.text.slice(statements.starts[row], end).trim(), state];
  }).filter(([line]) => line !== '');
}

export function linesIn(state: (typeof STATES)[number], reading: Reading): string[] {
  return statesOf(reading)
    .filter(([, each]) => each === state)
    .map(([line]) => line);
}

export function formatTest(test: Test): string {
  const not = 'negated' in test && test.negated ? '!' : '';
  switch (test.kind) {
    case 'header':
      return `${not}${test.original ? 'orig' : ''}[${test.matches.map(formatMatch).join(' or ')}]`;
    case 'in':
    case 'out':
      return `${not}${test.kind}=${test.names.join(',')}`;
    case 'state':
      return `${not}state=${test.states.join(',')}`;
    case 'mark':
    case 'connection-mark': {
      const ranges = test.ranges.map(({ first, last }) => (first === last ? hex(first) : `${hex(first)}-${hex(last)}`));
      return `${not}${test.kind}=${ranges.join(',')}/${hex(test.mask)}`;
    }
    case 'translated':
      return `${not}translated=${test.field}`;
    case 'address-kind':
      return `${not}${test.field}-kind=${test.kinds.join(',')}`;
    case 'list':
      return `${not}list=${test.acl}`;
    case 'any':
      return `${not}(${test.alternatives.map((tests) => tests.map(formatTest).join(' ')).join(' | ')})`;
    case 'undecidable':
      return `?${test.words}?`;
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

export function formatAction(action: PolicyAction): string {
  switch (action.kind) {
    case 'jump':
    case 'goto':
      return `${action.kind} ${action.chain}`;
    case 'set-mark':
      return `${action.target} := ${hex(action.value)}/${hex(action.mask)}`;
    case 'copy-mark':
      return `copy to ${action.to}/${hex(action.mask)}`;
    case 'translate': {
      const ports = action.ports === undefined ? '' : `:${action.ports.first}-${action.ports.last}`;
      return `${action.field} := ${action.address === undefined ? '' : formatAddressOf(action.address)}${ports}`;
    }
    case 'unknown':
      return `unknown ${action.words}`;
    default:
      return action.kind;
  }
}

function formatAddressOf(address: TranslatedAddress): string {
  switch (address.kind) {
    case 'range':
      return address.first === address.last
        ? formatIp(address.first)
        : `${formatIp(address.first)}-${formatIp(address.last)}`;
    case 'prefix':
      return formatPrefix(address.prefix);
    case 'interface':
      return 'interface';
    case 'unknown':
      return `unknown ${address.words}`;
  }
}

function formatMatch({ src, dst, services }: HeaderMatch): string {
  const side = (name: string, terms: readonly AddressTerm[]): string[] =>
    terms.length === 1 && terms[0]?.kind === 'wildcard' && terms[0].wildcard === 0xffffffff
      ? []
      : [`${name} ${terms.map(formatAddress).join('|')}`];
  const said = [...side('src', src), ...side('dst', dst), services.map(formatService).join(' or ')];
  return said.filter((part) => part !== '').join(' ');
}

function formatAddress(term: AddressTerm): string {
  if (term.kind === 'range') return `${formatIp(term.first)}-${formatIp(term.last)}`;
  return term.wildcard === 0 ? formatIp(term.value) : `${formatIp(term.value)}~${formatIp(term.wildcard)}`;
}

function formatService({ protocol, srcPorts, dstPorts, icmp, tcpFlags }: ServiceTerm): string {
  const parts = [
    protocol === undefined ? '' : protocolName(protocol),
    srcPorts === undefined ? '' : `sport ${formatPorts(srcPorts)}`,
    dstPorts === undefined ? '' : `dport ${formatPorts(dstPorts)}`,
    ...(icmp ?? []).map(({ type, code }) => `type ${type}${code === undefined ? '' : `/${code}`}`),
    tcpFlags === undefined ? '' : `${tcpFlags.kind} +${flags(tcpFlags.set)} -${flags(tcpFlags.clear)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function formatPorts(ports: readonly PortRange[]): string {
  return ports.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',');
}

function flags(bits: number): string {
  return Object.entries(TcpFlag)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name)
    .join(',');
}

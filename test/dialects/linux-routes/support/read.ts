import type { Reading, Surroundings } from '../../../../server/src/core/dialects/dialect.js';
import { linuxRoutes } from '../../../../server/src/core/dialects/linux-routes/index.js';
import type { Device, Interface, StaticRoute } from '../../../../server/src/core/model/device.js';
import type { AddressTerm } from '../../../../server/src/core/model/header-match.js';
import type { RoutingRule, Test } from '../../../../server/src/core/model/policy.js';
import { formatIp } from '../../../../server/src/core/net/ip.js';
import { formatPrefix, lengthOfMask } from '../../../../server/src/core/net/prefix.js';
import { SourceFile } from '../../../../server/src/core/text/source-file.js';

/** Reads a text as the file `name` of a device, beside `others` by their paths. */
export function read(text: string, name = 'gw/r.txt', others: Readonly<Record<string, string>> = {}): Reading {
  return linuxRoutes.read(new SourceFile(name, text), 'gw', surroundings(others));
}

/** The files beside one, found by the end of their path, with `*` for what follows. */
function surroundings(others: Readonly<Record<string, string>>): Surroundings {
  return {
    isRead: () => true,
    find(pattern) {
      const end = pattern.replace(/^(?:\.\.?\/)+|^\//, '').split('*')[0] as string;
      return Object.entries(others)
        .filter(([path]) => (pattern.includes('*') ? `/${path}`.includes(`/${end}`) : `/${path}`.endsWith(`/${end}`)))
        .map(([path, text]) => new SourceFile(path, text));
    },
  };
}

export function deviceOf(text: string, name?: string): Device {
  return read(text, name).device;
}

/** Every route, with its table where that is not the main one. */
export function routesOf({ vrfs }: Device): string[] {
  return vrfs.flatMap(({ name, staticRoutes }) =>
    staticRoutes.map((route) => `${name === 'default' ? '' : `${name}: `}${describe(route)}`),
  );
}

function describe(route: StaticRoute): string {
  const parts = [
    formatPrefix(route.prefix),
    route.discard ? 'discard' : '',
    route.nextHop === undefined ? '' : `via ${formatIp(route.nextHop)}`,
    route.iface === undefined ? '' : `dev ${route.iface}`,
    route.distance === 0 ? '' : `[${route.distance}]`,
    route.nextHopVrf === undefined ? '' : `in ${route.nextHopVrf}`,
    route.undecidable === undefined ? '' : `(${route.undecidable})`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Why a table's routes are in doubt. */
export function doubtsOf({ vrfs }: Device): string[] {
  return vrfs.flatMap(({ uncertainties }) => uncertainties.map(({ words }) => words));
}

export function interfacesOf({ interfaces }: Device): string[] {
  return interfaces.map(describeInterface);
}

function describeInterface(iface: Interface): string {
  const parts = [
    iface.name,
    iface.kind,
    iface.vlan === undefined ? '' : `vlan ${iface.vlan}`,
    iface.vrf === 'default' ? '' : `vrf ${iface.vrf}`,
    iface.up ? '' : 'down',
    iface.switchport ? 'port' : '',
    ...iface.addresses.map(({ ip, prefix }) => `${formatIp(ip)} in ${formatPrefix(prefix)}`),
    iface.learnsAddress === undefined ? '' : `learns by ${iface.learnsAddress.word}`,
    iface.description === undefined ? '' : `"${iface.description}"`,
    iface.uncertainties.length === 0 ? '' : 'in doubt',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

export function rulesOf({ routingRules }: Device): string[] {
  return (routingRules ?? []).map(describeRule);
}

function describeRule({ priority, tests, action }: RoutingRule): string {
  const what =
    action.kind === 'table'
      ? `table ${action.vrf}${action.suppressLength === undefined ? '' : ` beyond /${action.suppressLength}`}`
      : action.kind;
  return [`${priority}:`, ...tests.map(describeTest), what].join(' ');
}

function describeTest(test: Test): string {
  const not = 'negated' in test && test.negated ? 'not ' : '';
  switch (test.kind) {
    case 'header':
      return `${not}${test.matches
        .map(({ src, dst, services }) =>
          [
            terms('src', src),
            terms('dst', dst),
            ...services.map(({ protocol, dstPorts }) =>
              protocol === undefined
                ? ''
                : `proto ${protocol}${dstPorts === undefined ? '' : `:${dstPorts[0]?.first}`}`,
            ),
          ]
            .filter((one) => one !== '')
            .join(' '),
        )
        .join(' or ')}`;
    case 'in':
    case 'out':
      return `${not}${test.kind} ${test.names.join(',')}`;
    case 'mark':
      return `${not}mark ${test.ranges[0]?.first}/${test.mask.toString(16)}`;
    case 'any':
      return `${not}(${test.alternatives.map((tests) => tests.map(describeTest).join(' and ')).join(' | ')})`;
    case 'undecidable':
      return `perhaps(${test.words})`;
    default:
      return test.kind;
  }
}

function terms(side: string, all: readonly AddressTerm[]): string {
  const named = all.flatMap((term) =>
    term.kind === 'wildcard' && term.wildcard !== 0xffffffff
      ? [`${formatIp(term.value)}/${lengthOfMask(~term.wildcard >>> 0)}`]
      : [],
  );
  return named.length === 0 ? '' : `${side} ${named.join(',')}`;
}

const STATES = ['unread', 'modelled', 'ignored', 'unmodelled', 'unknown'] as const;

/** The lines of a text that ended in `state`, without the blanks around them. */
export function linesIn(state: (typeof STATES)[number], text: string, name?: string): string[] {
  const { file, statements } = read(text, name);
  return Array.from({ length: statements.count }, (_, row) => row)
    .filter((row) => STATES[statements.states[row] as number] === state)
    .map((row) => file.lineText(row).trim());
}

/** Lines behind `ip access-list extended MONITORS-IN`. */
const PERMIT_ALL = ' permit ip any any';
const DENY_TARGET = ' deny ip any 202.114.4.0 0.0.0.255';

function router(hostname: string, entries: readonly string[], routes: readonly string[]): string {
  return [
    `hostname ${hostname}`,
    'enable secret 9 $9$QzBhYmNkZWY$notARealHashOfAnyPassword',
    'interface Vlan210',
    ' description patient monitors',
    ' ip address 10.20.10.1 255.255.255.0',
    ' ip access-group MONITORS-IN in',
    'interface GigabitEthernet0/0',
    ' ip address 198.51.100.2 255.255.255.252',
    'ip access-list extended MONITORS-IN',
    ...entries,
    ...routes,
    'end',
    '',
  ].join('\n');
}

const DEFAULT_ROUTE = 'ip route 0.0.0.0 0.0.0.0 198.51.100.1';

/** Its VLAN 210 reaches the advisory's hosts through line 10, the only entry of its filter. */
export const OPEN = router('core1', [PERMIT_ALL], [DEFAULT_ROUTE]);
/** It stops what `OPEN` lets through. */
export const CLOSED = router('core1', [DENY_TARGET, PERMIT_ALL], [DEFAULT_ROUTE]);
/** It stops the hard-coded hosts and lets the rest of their network through: a warning. */
export const HALF_CLOSED = router(
  'core1',
  [' deny ip any host 202.114.4.119', ' deny ip any host 202.114.4.120', PERMIT_ALL],
  [DEFAULT_ROUTE],
);

/** The core routes to an edge, which drops the target's network. */
export const CORE_BEHIND_EDGE = router('core1', [PERMIT_ALL], [DEFAULT_ROUTE]);
export const CLOSED_EDGE = [
  'hostname edge1',
  'interface GigabitEthernet0/0',
  ' ip address 198.51.100.1 255.255.255.252',
  'interface GigabitEthernet0/1',
  ' ip address 203.0.113.2 255.255.255.252',
  'ip route 0.0.0.0 0.0.0.0 203.0.113.1',
  'ip route 10.20.10.0 255.255.255.0 198.51.100.2',
  'ip route 202.114.4.0 255.255.255.0 Null0',
  'end',
  '',
].join('\n');

export function site(more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ segments: [{ name: 'patient-monitors', vlans: [210] }], ...more });
}

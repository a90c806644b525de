/**
 * The names that IOS gives to ports, for each protocol apart: `syslog` is UDP 514 and `cmd` is TCP
 * 514. From "Cisco IOS Security Command Reference: Commands A to C", `access-list (IP extended)`.
 */
const SHARED_PORTS: Readonly<Record<string, number>> = {
  discard: 9,
  domain: 53,
  echo: 7,
  'pim-auto-rp': 496,
  sunrpc: 111,
  tacacs: 49,
  talk: 517,
  time: 37,
};

export const TCP_PORTS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...SHARED_PORTS,
    bgp: 179,
    chargen: 19,
    cmd: 514,
    connectedapps: 3949,
    'connectedapps-plain': 15001,
    'connectedapps-tls': 15002,
    daytime: 13,
    drip: 3949,
    exec: 512,
    finger: 79,
    ftp: 21,
    'ftp-data': 20,
    gopher: 70,
    hostname: 101,
    ident: 113,
    irc: 194,
    klogin: 543,
    kshell: 544,
    login: 513,
    lpd: 515,
    msrpc: 135,
    nntp: 119,
    'onep-plain': 15001,
    'onep-tls': 15002,
    pop2: 109,
    pop3: 110,
    smtp: 25,
    syslog: 514,
    telnet: 23,
    uucp: 540,
    whois: 43,
    www: 80,
  }),
);

export const UDP_PORTS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...SHARED_PORTS,
    biff: 512,
    bootpc: 68,
    bootps: 67,
    dnsix: 195,
    isakmp: 500,
    'mobile-ip': 434,
    nameserver: 42,
    'netbios-dgm': 138,
    'netbios-ns': 137,
    'netbios-ss': 139,
    'non500-isakmp': 4500,
    ntp: 123,
    ripv6: 521,
    rip: 520,
    snmp: 161,
    snmptrap: 162,
    syslog: 514,
    tftp: 69,
    who: 513,
    xdmcp: 177,
  }),
);

/** The port that `word` names, or abbreviates without doubt, among `names`; undefined where it is none. */
export function portOf(word: string, names: ReadonlyMap<string, number>): number | undefined {
  const wanted = word.toLowerCase();
  const exact = names.get(wanted);
  if (exact !== undefined) return exact;
  let found: number | undefined;
  for (const [name, port] of names) {
    if (!name.startsWith(wanted)) continue;
    if (found !== undefined && found !== port) return undefined;
    found = port;
  }
  return found;
}

import { parseIp } from '../net/ip.js';
import type { Prefix } from '../net/prefix.js';
import { Protocol } from '../net/protocols.js';
import type { Advisory } from './advisory.js';

/**
 * CISA ICSMA-25-030-01, "Contec Health CMS8000 Patient Monitor (Update A)", of 2025-02-25.
 *
 * Its remediation: block 202.114.4.0/24, or at least the two addresses that the firmware has
 * built in (CVE-2025-0626, CVE-2025-0683, CVE-2025-1204). No source confirms all ports, so the flow
 * is any protocol.
 *
 * The flow to the devices: Claroty's Team82, "Are Contec CMS8000 Patient Monitors Infected with a Chinese
 * Backdoor?" (February 2025), speaks of firmware that comes from outside unplanned, and CVE-2024-12248 is
 * a flaw that a UDP packet to the monitor uses.
 */
const ICSMA_25_030_01: Advisory = {
  id: 'ICSMA-25-030-01',
  title: 'Contec Health CMS8000 Patient Monitor',
  flows: [
    {
      name: 'outbound',
      direction: 'to-destinations',
      destinations: [{ ip: literal('202.114.4.0'), length: 24 }],
      hosts: [host('202.114.4.119'), host('202.114.4.120')],
      usual: { protocol: Protocol.tcp, dstPort: 515 },
    },
    {
      name: 'inbound',
      direction: 'to-segment',
      destinations: [],
      sources: [{ ip: literal('202.114.4.0'), length: 24 }],
      hosts: [host('202.114.4.119'), host('202.114.4.120')],
      usual: { protocol: Protocol.udp, dstPort: 515 },
    },
  ],
};

const BUILTIN: readonly Advisory[] = [ICSMA_25_030_01];

/** What is reviewed where the site file names no advisories. */
export const DEFAULT_ADVISORIES: readonly string[] = BUILTIN.map((advisory) => `builtin:${advisory.id}`);

/** The advisory that a name such as `builtin:ICSMA-25-030-01` stands for. */
export function builtinAdvisory(name: string): Advisory | undefined {
  return BUILTIN.find((advisory) => name === `builtin:${advisory.id}`);
}

function host(text: string): Prefix {
  return { ip: literal(text), length: 32 };
}

function literal(text: string): number {
  return parseIp(text) as number;
}

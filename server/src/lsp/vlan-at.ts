import type { FileSymbol } from '../core/workspace.js';
import type { VlanAt } from '../protocol.js';
import { pathOfUri } from './paths.js';
import { serveRequest } from './requests.js';
import type { Session } from './session.js';

/** The command "mark this VLAN as a device VLAN" asks which one that is. */
export function serveVlanAt(session: Session): void {
  serveRequest(session, 'advisoryLens/vlanAt', async ({ uri, line }, token) => {
    const path = pathOfUri(uri);
    await session.whenRead(path, token);
    const symbols = session.sets.setOf(path)?.workspace.symbols(path) ?? [];
    const around = symbols.filter(({ range }) => range.line <= line + 1 && line + 1 <= range.endLine);
    // The innermost comes first: a VLAN within a database, an interface within a device.
    around.sort((a, b) => b.range.line - a.range.line);
    for (const symbol of around) {
      const vlan = vlanOf(symbol);
      if (vlan !== undefined) return vlan;
    }
    return null;
  });
}

/** Interfaces are named after their VLAN: `Vlan210`, `GigabitEthernet0/1.210`. */
function vlanOf({ kind, name, detail }: FileSymbol): VlanAt | undefined {
  const digits = (kind === 'vlan' ? /(\d+)/ : kind === 'interface' ? /(?:^vlan ?|\.)(\d+)$/i : undefined)?.exec(name);
  const vlan = Number(digits?.[1]);
  if (!Number.isInteger(vlan)) return undefined;
  return detail === '' ? { vlan } : { vlan, name: detail };
}

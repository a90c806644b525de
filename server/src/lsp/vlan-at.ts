import { pathOfUri } from './paths.js';
import { serveRequest } from './requests.js';
import type { Session } from './session.js';

/** The command "mark this VLAN as a device VLAN" asks which one that is. */
export function serveVlanAt(session: Session): void {
  serveRequest(session, 'advisoryLens/vlanAt', async ({ uri, line, character }, token) => {
    const path = pathOfUri(uri);
    await session.whenRead(path, token);
    return session.sets.setOf(path)?.workspace.vlanAt(path, line + 1, character + 1) ?? null;
  });
}

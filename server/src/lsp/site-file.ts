import { pathOfUri } from './paths.js';
import { serveRequest } from './requests.js';
import { clientUri, type Session } from './session.js';

export function serveSiteFile(session: Session): void {
  const { sets } = session;
  serveRequest(session, 'advisoryLens/siteFile', async ({ uri }, token) => {
    const path = pathOfUri(uri);
    await session.whenRead(path, token);
    const sitePath = sets.setFor(path)?.sitePath;
    return { uri: sitePath !== undefined && sets.setOf(sitePath) !== undefined ? clientUri(session, sitePath) : null };
  });
}

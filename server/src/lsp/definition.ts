import type { Location } from 'vscode-languageserver';
import { locationOf } from './ranges.js';
import { guarded, pathOf, placeOf, type Session } from './session.js';

export function serveDefinition(session: Session): void {
  const { connection, sets } = session;
  connection.onDefinition(
    guarded(connection, 'textDocument/definition', async (params, token): Promise<Location[]> => {
      const path = pathOf(params);
      const { line, column } = placeOf(params);
      await session.whenRead(path, token);
      const ranges = sets.setOf(path)?.workspace.definition(path, line, column) ?? [];
      return ranges.map((range) => locationOf(session, range));
    }),
  );
}

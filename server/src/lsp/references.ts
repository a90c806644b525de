import type { Location } from 'vscode-languageserver';
import type { ReportRange } from '../core/report.js';
import { locationOf } from './ranges.js';
import { guarded, pathOf, placeOf, type Session } from './session.js';

export function serveReferences(session: Session): void {
  const { connection, sets } = session;
  connection.onReferences(
    guarded(connection, 'textDocument/references', async (params, token): Promise<Location[]> => {
      const path = pathOf(params);
      const { line, column } = placeOf(params);
      await session.whenRead(path, token);
      const workspace = sets.setOf(path)?.workspace;
      if (workspace === undefined) return [];
      const definitions = workspace.definition(path, line, column);
      const isDefinition = (range: ReportRange) => definitions.some((definition) => isSame(definition, range));
      const uses = workspace.references(path, line, column).filter((range) => !isDefinition(range));
      const ranges = params.context?.includeDeclaration ? [...definitions, ...uses] : uses;
      return ranges.map((range) => locationOf(session, range));
    }),
  );
}

function isSame(a: ReportRange, b: ReportRange): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

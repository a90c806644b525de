import { type Hover, MarkupKind } from 'vscode-languageserver';
import { rangeOf } from './ranges.js';
import { guarded, pathOf, placeOf, type Session } from './session.js';

export function serveHover(session: Session): void {
  const { connection, client, sets } = session;
  connection.onHover(
    guarded(connection, 'textDocument/hover', async (params, token): Promise<Hover | null> => {
      const path = pathOf(params);
      const { line, column } = placeOf(params);
      await session.whenRead(path, token);
      const hover = sets.setOf(path)?.workspace.hover(path, line, column);
      if (hover === undefined) return null;
      return {
        contents: { kind: client.markdownHover ? MarkupKind.Markdown : MarkupKind.PlainText, value: hover.markdown },
        range: rangeOf(hover.range),
      };
    }),
  );
}

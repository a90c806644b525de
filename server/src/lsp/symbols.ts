import { type DocumentSymbol, type SymbolInformation, SymbolKind } from 'vscode-languageserver';
import type { FileSymbol } from '../core/workspace.js';
import { rangeOf } from './ranges.js';
import { guarded, pathOf, type Session } from './session.js';

const KINDS: Readonly<Record<FileSymbol['kind'], SymbolKind>> = {
  device: SymbolKind.Module,
  interface: SymbolKind.Interface,
  acl: SymbolKind.Array,
  'object-group': SymbolKind.Object,
  vlan: SymbolKind.Number,
  vrf: SymbolKind.Namespace,
  'route-map': SymbolKind.Function,
  route: SymbolKind.Field,
  'time-range': SymbolKind.Event,
  chain: SymbolKind.Array,
  set: SymbolKind.Object,
};

export function serveSymbols(session: Session): void {
  const { connection, client, sets } = session;
  connection.onDocumentSymbol(
    guarded(
      connection,
      'textDocument/documentSymbol',
      async (params, token): Promise<DocumentSymbol[] | SymbolInformation[]> => {
        const path = pathOf(params);
        await session.whenRead(path, token);
        const symbols = sets.setOf(path)?.workspace.symbols(path) ?? [];
        if (client.hierarchicalSymbols) return outline(symbols);
        return symbols.map((symbol) => ({
          name: symbol.name,
          kind: KINDS[symbol.kind],
          location: { uri: params.textDocument.uri, range: rangeOf(symbol.range) },
        }));
      },
    ),
  );
}

/** Each symbol below the nearest one whose range holds its own. */
function outline(symbols: readonly FileSymbol[]): DocumentSymbol[] {
  const roots: DocumentSymbol[] = [];
  const holders: DocumentSymbol[] = [];
  for (const symbol of [...symbols].sort(byPlace)) {
    const entry: DocumentSymbol = {
      name: symbol.name,
      detail: symbol.detail,
      kind: KINDS[symbol.kind],
      range: rangeOf(symbol.range),
      selectionRange: rangeOf(symbol.nameRange),
    };
    let holder = holders.at(-1);
    while (holder !== undefined && !holds(holder, entry)) {
      holders.pop();
      holder = holders.at(-1);
    }
    if (holder === undefined) roots.push(entry);
    else {
      holder.children ??= [];
      holder.children.push(entry);
    }
    holders.push(entry);
  }
  return roots;
}

/** By start; of two that start at one place, the larger one first, since it holds the other. */
function byPlace({ range: a }: FileSymbol, { range: b }: FileSymbol): number {
  return a.line - b.line || a.column - b.column || b.endLine - a.endLine || b.endColumn - a.endColumn;
}

/** Of symbols in order, where only ends can differ in the wrong direction. */
function holds({ range: { end } }: DocumentSymbol, { range: inner }: DocumentSymbol): boolean {
  return inner.end.line < end.line || (inner.end.line === end.line && inner.end.character <= end.character);
}

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { CodeAction, Range } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Client, folderWith, type Options, PULL, PUSH, span, startClient, uriOf } from './client.js';

const CORE = 'hostname core\nopen front\nopen back\n';

async function openCore(context: TestContext, options: Options = {}) {
  const folder = folderWith(context, { 'core.cfg': CORE });
  const uri = uriOf(folder, 'core.cfg');
  const client = await startClient(context, { folders: [folder], ...options });
  await client.open(uri, CORE, 5);
  return { client, uri };
}

async function actionsAt(client: Client, uri: string, range: Range, only?: string[]): Promise<CodeAction[]> {
  const diagnostics = await client.items(uri);
  return client.request('textDocument/codeAction', {
    textDocument: { uri },
    range,
    context: { diagnostics, ...(only && { only }) },
  });
}

describe('code actions', () => {
  it('offer the proved fixes of the findings at a place, and no edit before it is asked for', async (context) => {
    const { client, uri } = await openCore(context);
    const actions = await actionsAt(client, uri, span(1, 3, 3));
    assert.deepEqual(
      actions.map(({ title, kind, isPreferred, edit, diagnostics }) => ({
        title,
        kind,
        isPreferred,
        edit,
        ranges: diagnostics?.map(({ range }) => range),
      })),
      [{ title: 'Shut front', kind: 'quickfix', isPreferred: true, edit: undefined, ranges: [span(1, 0, 10)] }],
    );
  });

  it('are gone once their edit is made', async (context) => {
    const { client, uri } = await openCore(context);
    const [action] = await actionsAt(client, uri, span(1, 3, 3));
    const resolved: CodeAction = await client.request('codeAction/resolve', action);
    const change = resolved.edit?.documentChanges?.[0];
    assert.ok(change !== undefined && 'textDocument' in change);
    assert.deepEqual(change.textDocument, { uri, version: 5 });
    const edits = change.edits.filter((edit) => 'newText' in edit);
    const fixed = TextDocument.applyEdits(TextDocument.create(uri, 'plaintext', 5, CORE), edits);
    assert.equal(fixed, 'hostname core\nshut front\nopen front\nopen back\n');
    await client.change(uri, ...edits.map(({ range, newText }) => ({ range, text: newText })));
    assert.deepEqual(
      (await client.items(uri)).map(({ range }) => range),
      [span(3, 0, 9)],
    );
    assert.deepEqual(await actionsAt(client, uri, span(2, 0, 0)), []);
  });

  it('have no edit for a text that has changed', async (context) => {
    const { client, uri } = await openCore(context);
    const [action] = await actionsAt(client, uri, span(1, 3, 3));
    await client.change(uri, { range: span(1, 5, 10), text: 'side' });
    await assert.rejects(client.request('codeAction/resolve', action), { code: -32801 });
  });

  it('still have their edit when only other lines have changed', async (context) => {
    const { client, uri } = await openCore(context);
    const [action] = await actionsAt(client, uri, span(1, 3, 3));
    await client.change(uri, { range: span(2, 5, 9), text: 'side' });
    const resolved: CodeAction = await client.request('codeAction/resolve', action);
    const change = resolved.edit?.documentChanges?.[0];
    assert.ok(change !== undefined && 'textDocument' in change);
    assert.equal(change.textDocument.version, 6);
  });

  it('are only given to those who want quick fixes', async (context) => {
    const { client, uri } = await openCore(context);
    assert.deepEqual(await actionsAt(client, uri, span(1, 3, 3), ['source.organizeImports']), []);
    assert.equal((await actionsAt(client, uri, span(1, 3, 3), ['quickfix'])).length, 1);
    assert.equal((await actionsAt(client, uri, { start: span(0, 0, 0).start, end: span(3, 0, 0).end })).length, 2);
    assert.deepEqual(await actionsAt(client, uri, span(0, 0, 3)), []);
  });

  it('carry their edit at once for a client that cannot ask for it', async (context) => {
    const capabilities = {
      ...PULL,
      workspace: { ...PULL.workspace, workspaceEdit: {} },
      textDocument: { ...PULL.textDocument, codeAction: PUSH.textDocument?.codeAction ?? {} },
    };
    const { client, uri } = await openCore(context, { capabilities });
    const [action] = await actionsAt(client, uri, span(1, 3, 3));
    assert.deepEqual(action?.edit, { changes: { [uri]: [{ range: span(1, 0, 0), newText: 'shut front\n' }] } });
    assert.equal(action?.data, undefined);
  });

  it('belong to their diagnostic even where the client has lost its data', async (context) => {
    const { client, uri } = await openCore(context);
    const diagnostics = (await client.items(uri)).map(({ data: _, ...diagnostic }) => diagnostic);
    const [action] = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: span(1, 3, 3),
      context: { diagnostics },
    });
    assert.deepEqual(action?.diagnostics, diagnostics.slice(0, 1));
  });
});

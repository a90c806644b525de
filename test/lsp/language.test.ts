import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DocumentSymbol, Hover, Location } from 'vscode-languageserver-protocol';
import { folderWith, PUSH, span, startClient, uriOf } from './client.js';

const CORE = 'hostname core\nopen 210\n';
const EDGE = 'hostname edge\nshut 210\n';
const FILES = { 'core.cfg': CORE, 'edge.cfg': EDGE };

describe('hover, symbols, definition and references', () => {
  it('hover says what stands at a place', async (context) => {
    const folder = folderWith(context, FILES);
    const uri = uriOf(folder, 'core.cfg');
    const client = await startClient(context, { folders: [folder] });
    const at = (line: number) =>
      client.request<Hover | null>('textDocument/hover', {
        textDocument: { uri },
        position: { line, character: 2 },
      });
    assert.deepEqual(await at(1), {
      contents: { kind: 'markdown', value: 'The door **210**' },
      range: span(1, 0, 4),
    });
    assert.equal(await at(0), null);
  });

  it('symbols hang below what holds them', async (context) => {
    const folder = folderWith(context, FILES);
    const client = await startClient(context, { folders: [folder] });
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', {
      textDocument: { uri: uriOf(folder, 'core.cfg') },
    });
    assert.deepEqual(
      symbols.map(({ name, children }) => ({ name, children: children?.map((child) => child.name) })),
      [{ name: 'device', children: ['Vlan210'] }],
    );
  });

  it('symbols are a plain list for a client that knows no other', async (context) => {
    const folder = folderWith(context, FILES);
    const uri = uriOf(folder, 'core.cfg');
    const client = await startClient(context, { folders: [folder], capabilities: PUSH });
    const symbols = await client.request<unknown[]>('textDocument/documentSymbol', { textDocument: { uri } });
    assert.deepEqual(symbols[0], { name: 'Vlan210', kind: 11, location: { uri, range: span(1, 0, 8) } });
  });

  it('definition and references cross files', async (context) => {
    const folder = folderWith(context, FILES);
    const core = { uri: uriOf(folder, 'core.cfg'), range: span(1, 0, 8) };
    const edge = { uri: uriOf(folder, 'edge.cfg'), range: span(1, 0, 8) };
    const client = await startClient(context, { folders: [folder] });
    const ask = (method: string, includeDeclaration = false) =>
      client.request<Location[]>(method, {
        textDocument: { uri: edge.uri },
        position: { line: 1, character: 6 },
        context: { includeDeclaration },
      });
    assert.deepEqual(await ask('textDocument/definition'), [core]);
    assert.deepEqual(await ask('textDocument/references'), [edge]);
    assert.deepEqual(await ask('textDocument/references', true), [core, edge]);
  });
});

describe('requests of our own', () => {
  it('tell the status of a file, and when it is stale', async (context) => {
    const folder = folderWith(context, { ...FILES, 'notes.txt': 'open 210\n' });
    const uri = uriOf(folder, 'core.cfg');
    const client = await startClient(context, { folders: [folder] });
    await client.open(uri, CORE);
    const status = () => client.request('advisoryLens/fileStatus', { uri });
    const toy = { uri, chosen: false, dialect: { id: 'toy', name: 'Toy' }, device: 'core' };
    assert.deepEqual(await status(), { ...toy, verdict: 'blocked' });
    await client.next('advisoryLens/statusChanged');
    await client.change(uri, { range: span(1, 5, 8), text: 'back' });
    await client.next('advisoryLens/statusChanged');
    assert.deepEqual(await status(), { ...toy, verdict: 'reachable' });
    assert.equal(await client.request('advisoryLens/fileStatus', { uri: uriOf(folder, 'notes.txt') }), null);
  });

  it('list the dialects', async (context) => {
    const client = await startClient(context);
    assert.deepEqual(await client.request('advisoryLens/dialects', {}), [{ id: 'toy', name: 'Toy' }]);
  });

  it('name the VLAN at a place', async (context) => {
    const folder = folderWith(context, FILES);
    const client = await startClient(context, { folders: [folder] });
    const at = (line: number) =>
      client.request('advisoryLens/vlanAt', { uri: uriOf(folder, 'core.cfg'), line, character: 0 });
    assert.deepEqual(await at(1), { vlan: 210, name: 'doors' });
    assert.equal(await at(0), null);
  });

  it('review everything again, and count', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'site/advisory-lens.json': '{' });
    const client = await startClient(context, { folders: [folder] });
    assert.deepEqual(await client.request('advisoryLens/review', {}), {
      configurations: 1,
      devices: 1,
      segments: 0,
      findings: { error: 1, warning: 0, info: 0, hint: 0 },
      problems: ['advisory-lens.json, line 1: This is no JSON.'],
    });
  });

  it('find the site file of a file', async (context) => {
    const folder = folderWith(context, { ...FILES, 'site/advisory-lens.json': '{}', 'site/a/b.cfg': CORE });
    const client = await startClient(context, { folders: [folder] });
    const siteOf = (...path: string[]) => client.request('advisoryLens/siteFile', { uri: uriOf(folder, ...path) });
    assert.deepEqual(await siteOf('site', 'a', 'b.cfg'), { uri: uriOf(folder, 'site', 'advisory-lens.json') });
    assert.deepEqual(await siteOf('core.cfg'), { uri: null });
  });
});

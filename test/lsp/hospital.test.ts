import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { CodeAction, DocumentSymbol, Hover, Location } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { DIALECTS } from '../../server/src/core/dialects/registry.js';
import { type Client, folderWith, PUSH, startClient, uriOf } from './client.js';

/** The built server over the example hospital: the wiring of all that the other tests look at alone. */
async function openHospital(context: TestContext, options: Parameters<typeof startClient>[1] = {}) {
  const folder = folderWith(context, {});
  cpSync('examples/hospital', folder, { recursive: true });
  const client = await startClient(context, { server: 'built', folders: [folder], ...options });
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { client, folder, text };
}

/** Line and character, from 0, of the first place that holds the words. */
function placeOf(text: string, words: string): { line: number; character: number } {
  const before = text.slice(0, text.indexOf(words)).split('\n');
  assert.ok(text.includes(words), words);
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

async function reachable(client: Client, uri: string) {
  return (await client.items(uri)).filter(({ code }) => code === 'target-reachable');
}

describe('the built server, in the example hospital', () => {
  it('fixes every reachable target by its quick fix, across files', async (context) => {
    const { client, folder, text } = await openHospital(context);
    const names = ['core1.cfg', 'edge1.cfg', 'clinic1.cfg'];
    const documents = new Map<string, TextDocument>();
    for (const name of names) {
      const uri = uriOf(folder, name);
      documents.set(uri, TextDocument.create(uri, 'plaintext', 1, text(name)));
      await client.open(uri, text(name));
    }
    let fixes = 0;
    for (const uri of documents.keys()) {
      for (;;) {
        const [diagnostic] = await reachable(client, uri);
        if (diagnostic === undefined) break;
        assert.ok((diagnostic.relatedInformation?.length ?? 0) > 2, 'every hop is related');
        const [action] = await client.request<CodeAction[]>('textDocument/codeAction', {
          textDocument: { uri },
          range: diagnostic.range,
          context: { diagnostics: [diagnostic] },
        });
        assert.ok(action !== undefined, String(diagnostic.message));
        const { edit }: CodeAction = await client.request('codeAction/resolve', action);
        for (const change of edit?.documentChanges ?? []) {
          assert.ok('textDocument' in change);
          const document = documents.get(change.textDocument.uri) as TextDocument;
          assert.equal(change.textDocument.version, document.version);
          const edits = change.edits.filter((one) => 'newText' in one);
          const fixed = TextDocument.applyEdits(document, edits);
          await client.change(document.uri, { text: fixed });
          documents.set(document.uri, TextDocument.create(document.uri, 'plaintext', document.version + 1, fixed));
        }
        fixes += 1;
        assert.ok(fixes < 20, 'fixes come to an end');
      }
    }
    assert.ok(fixes >= 2);
  });

  it('shows in the core what an edit of the edge has changed', async (context) => {
    const { client, folder, text } = await openHospital(context);
    const core = uriOf(folder, 'core1.cfg');
    const edge = uriOf(folder, 'edge1.cfg');
    await client.open(edge, text('edge1.cfg'));
    await client.open(core, text('core1.cfg'));
    const before = await client.pull(core);
    assert.ok((await reachable(client, core)).length > 0);
    await client.items(edge);
    client.drain('workspace/diagnostic/refresh');
    const permit = placeOf(text('edge1.cfg'), ' 60 permit ip 10.20.0.0');
    const start = { line: permit.line, character: 0 };
    await client.change(edge, { range: { start, end: start }, text: ' 55 deny ip any 202.114.4.0 0.0.0.255\n' });
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await reachable(client, core), []);
    assert.equal((await client.pull(core, before.resultId)).kind, 'full');
  });

  it('answers hover, symbols, definition, references and the VLAN', async (context) => {
    const { client, folder, text } = await openHospital(context);
    const uri = uriOf(folder, 'core1.cfg');
    const core = text('core1.cfg');
    const ask = <Result>(method: string, words: string): Promise<Result> =>
      client.request(method, {
        textDocument: { uri },
        position: placeOf(core, words),
        context: { includeDeclaration: true },
      });
    const entry = await ask<Hover>('textDocument/hover', '40 permit ip 10.20.20.0');
    assert.match(JSON.stringify(entry.contents), /infusion-pumps/);
    const definition = await ask<Location[]>('textDocument/definition', 'PUMPS-IN in');
    assert.deepEqual(
      definition.map(({ range }) => range.start),
      [placeOf(core, 'PUMPS-IN\n')],
    );
    const references = await ask<Location[]>('textDocument/references', 'PUMPS-IN\n');
    assert.deepEqual(
      new Set(references.map(({ range }) => core.split('\n')[range.start.line]?.trim())),
      new Set(['ip access-list extended PUMPS-IN', 'ip access-group PUMPS-IN in']),
    );
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri } });
    const names = symbols.map(({ name }) => name);
    assert.ok(names.includes('Vlan220') && names.includes('PUMPS-IN'), names.join(' '));
    const at = placeOf(core, 'ip access-group PUMPS-IN');
    const { vlan } = await client.request<{ vlan: number }>('advisoryLens/vlanAt', { uri, ...at });
    assert.equal(vlan, 220);
  });

  it('pushes to a client that does not pull, and tells the dialects', async (context) => {
    const { client, folder } = await openHospital(context, { capabilities: PUSH });
    const { diagnostics } = await client.published(uriOf(folder, 'core1.cfg'));
    assert.ok(diagnostics.some(({ code }) => code === 'target-reachable'));
    assert.deepEqual(
      await client.request('advisoryLens/dialects', {}),
      DIALECTS.map(({ id, name }) => ({ id, name })),
    );
    assert.equal(await client.shutdown(), 0);
  });

  it('judges what the site file names, as soon as it names it', async (context) => {
    const { client, folder, text } = await openHospital(context);
    const core = uriOf(folder, 'core1.cfg');
    const site = uriOf(folder, 'advisory-lens.json');
    await client.open(site, text('advisory-lens.json'));
    await client.open(core, text('core1.cfg'));
    assert.ok((await reachable(client, core)).length > 0);
    client.drain('workspace/diagnostic/refresh');
    await client.change(site, { text: text('advisory-lens.json').replace('"*.cfg"', '"edge*.cfg"') });
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await client.items(core), []);
    await client.change(site, { text: text('advisory-lens.json') });
    assert.ok((await reachable(client, core)).length > 0);
  });

  it('is also the command line’s', async (context) => {
    const { client, folder } = await openHospital(context, { server: 'cli' });
    assert.ok((await reachable(client, uriOf(folder, 'core1.cfg'))).length > 0);
    assert.equal(await client.shutdown(), 0);
  });

  it('never tells a secret', async (context) => {
    const { client, folder } = await openHospital(context);
    await client.open(uriOf(folder, 'core1.cfg'), 'hostname x\nenable secret 9 Hunter2Hunter2\n');
    const answers = [await client.pullWorkspace(), await client.request('advisoryLens/review', {})];
    for (const line of [0, 1]) {
      const textDocument = { uri: uriOf(folder, 'core1.cfg') };
      answers.push(await client.request('textDocument/hover', { textDocument, position: { line, character: 12 } }));
    }
    assert.doesNotMatch(JSON.stringify(answers), /Hunter2/);
  });
});

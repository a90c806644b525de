import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FullDocumentDiagnosticReport } from 'vscode-languageserver-protocol';
import { folderWith, PULL, PUSH, span, startClient, uriOf } from './client.js';

const CORE = 'hostname core\nopen front\n';
const EDGE = 'hostname edge\nvia front\n';

describe('diagnostics, pulled', () => {
  it('carry the rule, its page, the level and every hop', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'edge.cfg': EDGE });
    const client = await startClient(context, { folders: [folder] });
    const [diagnostic, ...others] = await client.items(uriOf(folder, 'core.cfg'));
    assert.deepEqual(others, []);
    assert.deepEqual(
      { ...diagnostic, data: undefined },
      {
        range: span(1, 0, 10),
        severity: 1,
        source: 'advisory-lens',
        code: 'target-reachable',
        codeDescription: {
          href: 'https://github.com/advisory-lens/advisory-lens/blob/main/docs/rules/target-reachable.md',
        },
        message: 'The door front is open. Advisories: 0.',
        relatedInformation: [
          { location: { uri: uriOf(folder, 'edge.cfg'), range: span(1, 0, 9) }, message: 'it passes here' },
        ],
        data: undefined,
      },
    );
    assert.equal(typeof diagnostic?.data.finding, 'string');
  });

  it('leave out what the client does not know', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'edge.cfg': EDGE });
    const client = await startClient(context, {
      folders: [folder],
      capabilities: { textDocument: { diagnostic: {} } },
    });
    const [diagnostic] = await client.items(uriOf(folder, 'core.cfg'));
    assert.deepEqual(Object.keys(diagnostic ?? {}).sort(), ['code', 'message', 'range', 'severity', 'source']);
  });

  it('are unchanged until they change', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE });
    const uri = uriOf(folder, 'core.cfg');
    const client = await startClient(context, { folders: [folder] });
    await client.open(uri, CORE);
    const first = await client.pull(uri);
    assert.equal(first.kind, 'full');
    assert.deepEqual(await client.pull(uri, first.resultId), { kind: 'unchanged', resultId: first.resultId });
    await client.change(uri, { range: span(1, 0, 0), text: '\n' });
    const second = (await client.pull(uri, first.resultId)) as FullDocumentDiagnosticReport;
    assert.equal(second.kind, 'full');
    assert.deepEqual(second.items[0]?.range, span(2, 0, 10));
    assert.notEqual(second.resultId, first.resultId);
    await client.change(uri, { range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, text: '' });
    assert.equal((await client.pull(uri, first.resultId)).kind, 'unchanged');
  });

  it('name other documents as the client spells them', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'edge.cfg': EDGE });
    const client = await startClient(context, { folders: [folder] });
    const related = async () =>
      (await client.items(uriOf(folder, 'core.cfg')))[0]?.relatedInformation?.map(({ location }) => location.uri);
    assert.deepEqual(await related(), [uriOf(folder, 'edge.cfg')]);
    const spelt = uriOf(folder, 'edge.cfg').replace('edge', '%65dge');
    await client.open(spelt, EDGE);
    assert.deepEqual(await related(), [spelt]);
    await client.close(spelt);
    assert.deepEqual(await related(), [uriOf(folder, 'edge.cfg')]);
  });

  it('are asked for again when an edit changes those of another file', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'edge.cfg': EDGE });
    const core = uriOf(folder, 'core.cfg');
    const edge = uriOf(folder, 'edge.cfg');
    const client = await startClient(context, { folders: [folder] });
    await client.open(core, CORE);
    await client.open(edge, EDGE);
    const before = await client.pull(core);
    assert.equal((await client.items(edge)).length, 0);
    client.drain('workspace/diagnostic/refresh');
    await client.change(edge, { range: span(1, 0, 0), text: 'shut front\n' });
    await client.next('workspace/diagnostic/refresh');
    assert.deepEqual(await client.items(core), []);
    assert.equal((await client.pull(core, before.resultId)).kind, 'full');
  });

  it('are not asked for again when only the edited file has others', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'edge.cfg': EDGE, 'site.cfg': 'hostname site\n' });
    const site = uriOf(folder, 'site.cfg');
    const client = await startClient(context, { folders: [folder] });
    await client.open(site, 'hostname site\n');
    await client.pullWorkspace();
    await client.next('advisoryLens/statusChanged');
    client.drain('workspace/diagnostic/refresh');
    await client.change(site, { range: span(1, 0, 0), text: 'open back\n' });
    assert.equal((await client.items(site)).length, 1);
    // The status is told in the same breath as a refresh would be, and after it.
    await client.next('advisoryLens/statusChanged');
    await client.change(site, { range: span(1, 5, 9), text: 'side' });
    await client.change(site, { range: span(1, 0, 0), text: 'shut front\n' });
    await client.next('workspace/diagnostic/refresh');
    assert.equal(client.seen('workspace/diagnostic/refresh').length, 0);
  });

  it('come for the whole workspace, with what is gone cleared', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'edge.cfg': EDGE, 'notes.txt': 'open front\n' });
    const core = uriOf(folder, 'core.cfg');
    const edge = uriOf(folder, 'edge.cfg');
    const client = await startClient(context, { folders: [folder] });
    const first = await client.pullWorkspace([{ uri: edge, value: 'stale' }]);
    assert.deepEqual(
      first.items.map(({ uri, kind, version }) => ({ uri, kind, version })),
      [
        { uri: core, kind: 'full', version: null },
        { uri: edge, kind: 'full', version: null },
      ],
    );
    const previous = first.items.map(({ uri, resultId }) => ({ uri, value: resultId ?? '' }));
    await client.open(edge, EDGE, 7);
    const second = await client.pullWorkspace(previous);
    assert.deepEqual(
      second.items.map(({ uri, kind, version }) => ({ uri, kind, version })),
      [
        { uri: core, kind: 'unchanged', version: null },
        { uri: edge, kind: 'unchanged', version: 7 },
      ],
    );
  });

  it('come with those of related documents to a client that takes them', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'edge.cfg': EDGE });
    const core = uriOf(folder, 'core.cfg');
    const edge = uriOf(folder, 'edge.cfg');
    const client = await startClient(context, {
      folders: [folder],
      // With refreshes the server may have told of the other file before the pull comes.
      capabilities: {
        ...PULL,
        textDocument: { ...PULL.textDocument, diagnostic: { relatedDocumentSupport: true } },
        workspace: { ...PULL.workspace, diagnostics: { refreshSupport: false } },
      },
    });
    await client.open(edge, EDGE);
    await client.pullWorkspace();
    await client.change(edge, { range: span(1, 0, 0), text: 'shut front\n' });
    const report = (await client.pull(edge)) as { relatedDocuments?: Record<string, FullDocumentDiagnosticReport> };
    assert.deepEqual(report.relatedDocuments?.[core]?.items, []);
  });

  it('are given for a lone file, and for an unsaved one', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'edge.cfg': 'hostname edge\nshut front\n' });
    const client = await startClient(context);
    for (const uri of [uriOf(folder, 'core.cfg'), 'untitled:Untitled-1']) {
      await client.open(uri, CORE);
      assert.equal((await client.items(uri)).length, 1, uri);
    }
    await client.close('untitled:Untitled-1');
    assert.equal((await client.items('untitled:Untitled-1')).length, 0);
  });
});

describe('diagnostics, pushed', () => {
  it('come for all files after the first scan, and for others only when they change', async (context) => {
    const folder = folderWith(context, { 'core.cfg': CORE, 'edge.cfg': EDGE });
    const core = uriOf(folder, 'core.cfg');
    const edge = uriOf(folder, 'edge.cfg');
    const client = await startClient(context, { folders: [folder], capabilities: PUSH });
    assert.equal(client.initializeResult.capabilities.diagnosticProvider, undefined);
    assert.equal((await client.published(core)).diagnostics.length, 1);
    await client.open(edge, EDGE, 3);
    assert.deepEqual(await client.published(edge), { uri: edge, version: 3, diagnostics: [] });
    await client.change(edge, { range: span(1, 0, 0), text: 'open back\n' });
    const own = await client.published(edge);
    assert.deepEqual([own.version, own.diagnostics.length], [4, 1]);
    // The way of `front` has moved one line down in the edited file.
    assert.deepEqual(
      (await client.published(core)).diagnostics[0]?.relatedInformation?.[0]?.location.range,
      span(2, 0, 9),
    );
    await client.change(edge, { range: span(1, 0, 0), text: 'shut front\n' });
    assert.deepEqual(await client.published(core), { uri: core, diagnostics: [] });
    assert.equal((await client.published(edge)).version, 5);
    await client.change(edge, { range: span(2, 5, 9), text: 'side' });
    assert.equal((await client.published(edge)).version, 6);
    assert.deepEqual(client.seen('textDocument/publishDiagnostics'), []);
  });

  it('are taken back when a lone file is closed', async (context) => {
    const client = await startClient(context, { capabilities: PUSH });
    await client.open('untitled:Untitled-1', CORE);
    assert.equal((await client.published('untitled:Untitled-1')).diagnostics.length, 1);
    await client.close('untitled:Untitled-1');
    assert.deepEqual(await client.published('untitled:Untitled-1'), { uri: 'untitled:Untitled-1', diagnostics: [] });
  });
});

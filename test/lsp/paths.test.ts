import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hashOf } from '../../server/src/lsp/hash.js';
import { folderPath, isUnder, pathOfUri, relativePath, uriOfPath } from '../../server/src/lsp/paths.js';

describe('paths', () => {
  it('are the same for every spelling of a URI', () => {
    for (const uri of ['file:///C:/a%20b/(x).cfg', 'file:///c%3A/a%20b/%28x%29.cfg', 'file:///c:/a b/(x).cfg']) {
      assert.equal(pathOfUri(uri), 'file:///c:/a b/(x).cfg');
    }
    assert.equal(uriOfPath('file:///c:/a b/(x).cfg'), 'file:///c%3A/a%20b/%28x%29.cfg');
  });

  it('keep an authority and its port', () => {
    const uri = 'vscode-remote://127.0.0.1:8080/w%C3%A4rme/core.cfg';
    assert.equal(pathOfUri(uri), 'vscode-remote://127.0.0.1:8080/wärme/core.cfg');
    assert.equal(uriOfPath(pathOfUri(uri)), uri);
    assert.equal(uriOfPath(pathOfUri('untitled:Untitled-1')), 'untitled:Untitled-1');
  });

  it('come back from their URI', () => {
    const piece = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('/'));
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1 }), (pieces) => {
        const path = `file:///x/${pieces.join('/')}`;
        assert.equal(pathOfUri(uriOfPath(path)), path);
      }),
    );
  });

  it('know what is below them', () => {
    const folder = folderPath('file:///a/b/');
    assert.equal(folder, 'file:///a/b');
    assert.ok(isUnder(folder, 'file:///a/b/c/d'));
    assert.ok(!isUnder(folder, 'file:///a/bc/d'));
    assert.ok(!isUnder(folder, folder));
    assert.equal(relativePath(folder, 'file:///a/b/c/d'), 'c/d');
  });
});

describe('hashOf', () => {
  it('gives other names to other texts', () => {
    const names = new Set<string>();
    for (let number = 0; number < 20_000; number += 1) names.add(hashOf(`line ${number}, column 1`));
    for (let length = 0; length < 2000; length += 1) names.add(hashOf('\0'.repeat(length)));
    assert.equal(names.size, 22_000);
  });

  it('gives the same name in every run', () => {
    // Clients keep result ids from one run of the server to the next.
    assert.equal(hashOf('[]'), 'yrcwzggr0v');
  });
});

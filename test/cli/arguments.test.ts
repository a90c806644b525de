import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCommand } from '../../server/src/cli/arguments.js';
import { Problem } from '../../server/src/cli/problem.js';

describe('arguments', () => {
  it('check has defaults', () => {
    assert.deepEqual(parseCommand(['check']), {
      kind: 'check',
      paths: ['.'],
      site: undefined,
      format: 'pretty',
      failOn: 'error',
      staged: false,
    });
  });

  it('check takes everything, in any order', () => {
    const args = ['check', 'a', '--staged', '--fail-on=never', '--site', 's.json', 'b', '--format', 'json'];
    assert.deepEqual(parseCommand(args), {
      kind: 'check',
      paths: ['a', 'b'],
      site: 's.json',
      format: 'json',
      failOn: 'never',
      staged: true,
    });
  });

  it('what follows -- is a path', () => {
    const command = parseCommand(['check', '--', '--staged']);
    assert.deepEqual(command.kind === 'check' && command.paths, ['--staged']);
  });

  it('trace takes - for the standard input', () => {
    assert.deepEqual(parseCommand(['trace', '--from', 'core1:Vlan210', '--packets', '-', 'configs']), {
      kind: 'trace',
      paths: ['configs'],
      site: undefined,
      from: 'core1:Vlan210',
      packets: '-',
    });
  });

  it('lsp takes what editors add', () => {
    assert.deepEqual(parseCommand(['lsp', '--stdio', '--clientProcessId=42']), { kind: 'lsp' });
  });

  it('help is general or on a command', () => {
    assert.deepEqual(parseCommand(['--help']), { kind: 'help', topic: 'general' });
    assert.deepEqual(parseCommand(['help', 'trace']), { kind: 'help', topic: 'trace' });
    assert.deepEqual(parseCommand(['check', '-h']), { kind: 'help', topic: 'check' });
    assert.deepEqual(parseCommand(['-V']), { kind: 'version' });
  });

  for (const [args, said] of [
    [[], /No command\. There are: check, trace, lsp/],
    [['chek'], /No such command: chek\. There are: check/],
    [['configs/'], /To check it: advisory-lens check configs\//],
    [['--staged'], /A command comes first/],
    [['help', 'me'], /No such command: me/],
    [['check', '--stage'], /check has no option --stage\. It takes: .*--staged/],
    [['check', '-x'], /check has no option -x/],
    [['check', '--format'], /--format needs a value/],
    [['check', '--format', 'xml'], /--format takes pretty or json, not "xml"/],
    [['check', '--fail-on', 'info'], /--fail-on takes error, warning or never, not "info"/],
    [['check', '--staged=yes'], /--staged takes no value/],
    [['check', ''], /A path is empty/],
    [['trace', '--packets', '-'], /trace needs --from/],
    [['trace', '--from', 'monitors'], /trace needs --packets/],
    [['trace', '--from', '', '--packets', '-'], /trace needs --from/],
    [['lsp', 'configs'], /lsp takes no path, and got "configs"/],
  ] as const) {
    it(`${JSON.stringify(args)} is wrong usage`, () => {
      assert.throws(
        () => parseCommand(args),
        (error) => error instanceof Problem && said.test(error.message),
      );
    });
  }
});

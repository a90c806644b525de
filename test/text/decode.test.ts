import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { decodeText } from '../../server/src/core/text/decode.js';

const CONFIG = 'hostname core1\r\ninterface Vlan210\r\n description Wärme\r\n ip address 10.20.10.1 255.255.255.0\r\n';

describe('decodeText', () => {
  const marked: [string, Buffer][] = [
    ['UTF-8', Buffer.from(CONFIG)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${CONFIG}`)],
    ['UTF-16 LE with a mark', Buffer.from(`\ufeff${CONFIG}`, 'utf16le')],
    ['UTF-16 BE with a mark', Buffer.from(`\ufeff${CONFIG}`, 'utf16le').swap16()],
    ['UTF-16 LE without a mark', Buffer.from(CONFIG, 'utf16le')],
    ['UTF-16 BE without a mark', Buffer.from(CONFIG, 'utf16le').swap16()],
  ];
  for (const [name, bytes] of marked) {
    it(`reads ${name}, and leaves the mark out`, () => {
      assert.deepEqual(decodeText(bytes), { text: CONFIG });
    });
  }

  it('keeps one character for each byte that is no UTF-8', () => {
    assert.deepEqual(decodeText(Buffer.from(' description W\xe4rme', 'latin1')), { text: ' description W\ufffdrme' });
  });

  it('takes a file with stray NULs for text, and keeps them', () => {
    const text = `${CONFIG.replaceAll('ä', 'ae')}\0\0end\0`;
    assert.deepEqual(decodeText(Buffer.from(text)), { text });
  });

  it('takes a short file padded with NULs for text', () => {
    for (const padding of [1, 2, 4095, 4096]) {
      const text = `hostname core1\n${'\0'.repeat(padding)}`;
      assert.deepEqual(decodeText(Buffer.from(text)), { text });
    }
  });

  it('takes a terminal capture for text', () => {
    const text =
      'core1#show run\r\n --More-- \b\b\b\b\b\b\b\b\b         \b\b\b\b\b\b\b\b\b\x1b[Kbanner motd \x03 hi \x03\r\n'.repeat(
        9,
      );
    assert.deepEqual(decodeText(Buffer.from(text)), { text });
  });

  it('reads nothing as an empty text', () => {
    assert.deepEqual(decodeText(new Uint8Array()), { text: '' });
  });

  it('tells compressed bytes from text', () => {
    let seed = 1;
    const noise = Buffer.alloc(20_000, 0).map(() => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return seed >>> 16;
    });
    assert.deepEqual(decodeText(deflateSync(noise)), { binary: true });
  });

  it('tells machine code from text', () => {
    const code = Buffer.from('7f454c4602010100000000000000000003003e0001000000c06800000000000040000000', 'hex');
    assert.deepEqual(decodeText(Buffer.concat([code, code, code])), { binary: true });
  });
});

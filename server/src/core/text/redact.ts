import type { Span } from './span.js';

/** What stands in a secret's place. */
export const REDACTED = '<removed>';

/** Past this many characters of a line nothing is read, and all of it counts as secret. */
const MAX_LINE = 20_000;

/** Words that a secret follows. What stands behind it on the line goes with it: a secret may hold spaces. */
const SECRET_WORDS = new Set(
  `password passwd passphrase pass-phrase secret secrets key keys key-string ascii-key hex-key psk psksecret
  pre-shared-key preshared-key pre-shared-keys shared-secret shared-key wpa-psk wep-key community communities
  authentication-key message-digest-key authentication-password privacy-password auth-password priv-password
  encrypted-password plain-text-password plain-text-password-value md5-key sha-key simple-password
  area-password domain-password phash auth-key auth-pass auth-pwd priv-pwd private-key ssh-private-key
  enckey api-key apikey api-token token snmp-community snmpv3-auth-key wpa-passphrase pin
  key-encryption-key authentication-passphrase config-key password-data shared_secret psk_secret`.split(/\s+/),
);

/** Words between a secret's name and the secret itself: how it is written, or for whom it is. */
const MANNERS = new Set(
  `0 4 5 6 7 8 9 10 level md5 sha sha1 sha256 sha-256 hmac-sha-256 text ascii ascii-text hexadecimal hex clear cleartext
  plaintext plain enc encrypted encryption local remote type = : name`.split(/\s+/),
);

/** Words after which a secret's name is only a part of some other command. */
const HARMLESS_AFTER = new Map<string, ReadonlySet<string>>([
  ['key', new Set(['chain', 'generate', 'zeroize', 'pubkey-chain', 'import', 'export', 'storage'])],
  ['keys', new Set(['chain'])],
  ['password', new Set(['encryption', 'policy', 'prompt', 'recovery'])],
  ['token', new Set(['ring'])],
]);

/** Hashes and encrypted values say what they are. */
const HASH = /\$(?:1|2[abxy]?|4|5|6|8|9|14|y|sha1|sha256|sha512|argon2id?)\$[^\s";]+/g;
const URL_PASSWORD = /(?<=\b[a-z][a-z\d+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]+(?=@)/gi;
/** A line of nothing but Base64: a piece of a private key or a certificate. */
const ENCODED_LINE = /^\s*"?([A-Za-z\d+/]{40,}={0,2})"?\s*$/;

/**
 * Where a line of a configuration of any vendor holds secrets: passwords, keys, communities and
 * their hashes. In order, without overlap.
 *
 * It errs on the side of hiding: what is no secret may be hidden with one.
 */
export function secretSpans(line: string): readonly Span[] {
  const text = line.slice(0, MAX_LINE);
  const spans = [...hashSpans(text), ...wordSpans(text)];
  const encoded = ENCODED_LINE.exec(text);
  if (encoded !== null) spans.push({ start: text.indexOf(encoded[1] as string), end: text.length });
  if (line.length > MAX_LINE) spans.push({ start: MAX_LINE, end: line.length });
  return merged(spans);
}

/** The line with every secret replaced by `<removed>`. */
export function redact(line: string): string {
  let result = '';
  let at = 0;
  for (const { start, end } of secretSpans(line)) {
    result += line.slice(at, start) + REDACTED;
    at = end;
  }
  return result + line.slice(at);
}

function* hashSpans(text: string): Generator<Span> {
  for (const pattern of [HASH, URL_PASSWORD]) {
    for (const match of text.matchAll(pattern)) yield { start: match.index, end: match.index + match[0].length };
  }
}

interface Word extends Span {
  /** In lower case, without quotes and a final semicolon. */
  readonly text: string;
}

function* wordSpans(text: string): Generator<Span> {
  const words = wordsOf(text);
  const end = text.trimEnd().length;
  const secretAt = snmpSecret(words) ?? gatewaySecret(words) ?? namedSecret(words);
  const secret = secretAt === undefined ? undefined : words[secretAt];
  if (secret !== undefined) yield { start: secret.start, end };
}

/** The place of the first word behind a secret's name that is a secret itself. */
function namedSecret(words: readonly Word[]): number | undefined {
  for (const [index, word] of words.entries()) {
    // `set authentication-key=...` and `password:...` are one word.
    const [name = '', value] = word.text.split(/[=:](.*)/s);
    if (!SECRET_WORDS.has(name)) continue;
    if (value !== undefined && value !== '') return index;
    const next = words[index + 1];
    if (next === undefined || HARMLESS_AFTER.get(name)?.has(next.text) === true) continue;
    let at = index + 1;
    // The last word is the secret, whatever it looks like; `key 1` alone is the number of a key.
    while (at + 1 < words.length && isManner(words, at)) at += 1;
    if (name === 'key' && at === index + 1 && words.length === index + 2 && /^\d{1,3}$/.test(next.text)) continue;
    return at;
  }
  return undefined;
}

function isManner(words: readonly Word[], at: number): boolean {
  const text = words[at]?.text ?? '';
  // The number of a privilege level or of a key is no secret: `level 15`, `message-digest-key 1 md5`.
  const before = words[at - 1]?.text ?? '';
  const isNumber = /^\d{1,3}$/.test(text);
  const numbered = before === 'level' || before.endsWith('-key') || before === 'keys' || before === 'key';
  return MANNERS.has(text) || (isNumber && numbered);
}

/** SNMP names its secrets by their place: `snmp-server host 10.0.0.9 version 2c public`. */
function snmpSecret(words: readonly Word[]): number | undefined {
  const first = words[0]?.text === 'no' ? 1 : 0;
  if (words[first]?.text !== 'snmp-server') return undefined;
  if (words[first + 1]?.text === 'host') return first + 3;
  if (words[first + 1]?.text === 'user') return first + 4;
  return undefined;
}

const GATEWAY_PROTOCOLS = new Set(['standby', 'vrrp', 'glbp', 'nhrp', 'hmac-sha-256']);

/** `standby 1 authentication SECRET`: the other protocols' `authentication` names a method. */
function gatewaySecret(words: readonly Word[]): number | undefined {
  if (!words.some(({ text }) => GATEWAY_PROTOCOLS.has(text))) return undefined;
  let at = words.findIndex(({ text }) => text === 'authentication') + 1;
  if (at === 0) return undefined;
  while (at + 1 < words.length && (words[at]?.text === 'mode' || MANNERS.has(words[at]?.text ?? ''))) at += 1;
  return SECRET_WORDS.has(words[at]?.text ?? '') ? undefined : at;
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/\S+/g)].map((match) => ({
    text: match[0].toLowerCase().replace(/^["']|["']?;?$/g, ''),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function merged(spans: readonly Span[]): Span[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

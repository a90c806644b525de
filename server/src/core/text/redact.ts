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
  enckey api-key apikey api-token token snmp-community snmpv3-auth-key wpa-passphrase pin pre-share pmk idtoken
  key-encryption-key authentication-passphrase config-key password-data shared_secret psk_secret community-map
  session-key key-hash passcode pwd pw passwort kennwort pass sec spi`.split(/\s+/),
);
/** Names that end so are secrets' too, whatever stands before: `server-key`, `challenge-password`, `_email_password`. */
const SECRET_NAME = /^.+[-_.](?:key|keys|password|passwd|pass|pwd|pw|secret|secrets|passphrase|psk|token|community)$/;
/** The shortest form in which IOS takes a secret's name from a person, and the whole of it. */
const ABBREVIATED: readonly (readonly [shortest: string, whole: string])[] = [
  ['passw', 'password'],
  ['passph', 'passphrase'],
  ['secr', 'secret'],
  ['communi', 'community'],
  ['authentication-', 'authentication-key'],
  ['message-digest-', 'message-digest-key'],
  ['key-s', 'key-string'],
  ['pre-shared', 'pre-shared-key'],
];

/** Words between a secret's name and the secret itself: how it is written, or for whom it is. */
const MANNERS = new Set(
  `0 4 5 6 7 8 9 10 level md5 sha sha1 sha256 sha-256 hmac-sha-256 text ascii ascii-text hexadecimal hex clear cleartext
  plaintext plain enc encrypted encryption local remote type = : name`.split(/\s+/),
);

/** Words after which a secret's name is only a part of some other command. */
const HARMLESS_AFTER = new Map<string, ReadonlySet<string>>([
  ['key', new Set(['chain', 'generate', 'zeroize', 'pubkey-chain', 'storage'])],
  ['keys', new Set(['chain'])],
  ['password', new Set(['encryption', 'policy', 'prompt', 'recovery'])],
  ['token', new Set(['ring'])],
  // The action of a zone policy, and a unit of time.
  ['pass', new Set(['log', 'through'])],
]);

/** Hashes and encrypted values say what they are. */
const HASH = /\$(?:1|2[abxy]?|4|5|6|8|9|14|y|sha1|sha256|sha512|argon2id?)\$[^\s";]+/g;
/** A type 7 password: two digits of salt, then the letters as pairs of hexadecimal digits. */
const TYPE_7 = /(?<!\S)7\s+(\d\d(?:[\dA-Fa-f]{2}){2,})(?![^\s"';])/g;
/** Up to a user's name in a URL; IOS takes one without slashes as well. */
const URL_USER = /(?:^|["'(=<,;])[a-z][a-z\d+.-]{1,20}:(?:\/\/)?[^/:@]*:/i;
/** A line of nothing but Base64: a piece of a private key or a certificate. */
const ENCODED_LINE = /^\s*"?([A-Za-z\d+/]{40,}={0,2}|(?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z\d+/]{16,}={0,2})"?\s*$/;
/** A line of nothing but groups of hexadecimal digits: a piece of a key or a certificate. */
const HEX_LINE = /^\s*((?:[\dA-F]{8}\s+){2,}[\dA-F]{1,8})\s*(?:quit)?\s*$/i;

/**
 * Where a line of a configuration of any vendor holds secrets: passwords, keys, communities and
 * their hashes. In order, without overlap.
 *
 * It errs on the side of hiding: what is no secret may be hidden with one.
 */
export function secretSpans(line: string): readonly Span[] {
  const text = line.slice(0, MAX_LINE);
  const spans = [...hashSpans(text), ...wordSpans(text)];
  const encoded = ENCODED_LINE.exec(text) ?? HEX_LINE.exec(text);
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

/**
 * A sentence of ours with the secrets of what it quotes replaced: of all between its first quotation
 * mark and its last, and of the `quoted` texts, which may stand in it without marks. Our own words and
 * the names in them stay, though some are called like a secret.
 */
export function redactQuoted(sentence: string, quoted: Iterable<string> = []): string {
  let said = sentence;
  for (const text of quoted) {
    const shown = redact(text);
    if (shown !== text && text !== '') said = said.replaceAll(text, shown);
  }
  const first = said.indexOf('"') + 1;
  const last = said.lastIndexOf('"');
  return first > last ? said : said.slice(0, first) + redact(said.slice(first, last)) + said.slice(last);
}

function* hashSpans(text: string): Generator<Span> {
  for (const pattern of [HASH, TYPE_7]) {
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length;
      yield { start: end - (match[1] ?? match[0]).length, end };
    }
  }
  for (const match of text.matchAll(/\S+/g)) {
    // A password may itself hold an @ or a slash: the last @ ends it.
    const at = match[0].lastIndexOf('@');
    const user = at === -1 ? null : URL_USER.exec(match[0].slice(0, at));
    const start = user === null ? at : user.index + user[0].length;
    if (start < at) yield { start: match.index + start, end: match.index + at };
  }
}

interface Word extends Span {
  /** In lower case, without quotes and a final semicolon. */
  readonly text: string;
}

function* wordSpans(text: string): Generator<Span> {
  const words = wordsOf(text);
  const end = text.trimEnd().length;
  const secretAt = commandSecret(words) ?? snmpSecret(words) ?? gatewaySecret(words) ?? namedSecret(words);
  const secret = secretAt === undefined ? undefined : words[secretAt];
  if (secret !== undefined) yield { start: secret.start, end };
}

/** The place of the first word behind a secret's name that is a secret itself. */
function namedSecret(words: readonly Word[]): number | undefined {
  for (const [index, word] of words.entries()) {
    // `set authentication-key=...` and `password:...` are one word.
    const [written = '', value] = word.text.split(/[=:](.*)/s);
    const name = written.replace(/["']/g, '');
    if (!isSecretName(name, words, index)) continue;
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

function isSecretName(name: string, words: readonly Word[], at: number): boolean {
  // `sec` is a second as well, but for an account.
  if (name === 'sec') return ACCOUNTS.some((account) => account.startsWith(words[0]?.text ?? '-'));
  if (SECRET_WORDS.has(name) || SECRET_NAME.test(name)) return true;
  if (ABBREVIATED.some(([shortest, whole]) => name.startsWith(shortest) && whole.startsWith(name))) return true;
  // `message-digest` alone is a method; with a number behind it, the short form of a key.
  return /^message-d(?:igest)?$/.test(name) && /^\d{1,3}$/.test(words[at + 1]?.text ?? '');
}

const ACCOUNTS = ['enable', 'username'];

/** Lines of which all that stands behind some word is secret, whatever it is called. */
function commandSecret(words: readonly Word[]): number | undefined {
  const text = (at: number): string => words[at]?.text ?? '';
  if (text(0) === 'ntp' && text(1).startsWith('auth') && /^\d+$/.test(text(2))) return 4;
  // What a script types may be the answer to a prompt for a password.
  if (text(0) === 'chat-script') return 2;
  if (text(0) === 'action' && text(2) === 'cli' && /^comm/.test(text(3))) return 4;
  if (text(0) === 'event' && text(1) === 'manager' && text(2) === 'environment') return 4;
  // A passphrase stands behind words of many sorts.
  if (text(0) === 'crypto' && /^(?:im|ex)port$/.test(text(2))) return 3;
  if (text(0) === 'license' && /^[07]$/.test(text(1))) return 2;
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
  const command = words[first]?.text ?? '';
  if (command.length < 4 || !'snmp-server'.startsWith(command)) return undefined;
  if (/^comm?u?$/.test(words[first + 1]?.text ?? '')) return first + 2;
  if (words[first + 1]?.text === 'host') return first + 3;
  if (words[first + 1]?.text === 'user') return first + 4;
  return undefined;
}

const GATEWAY_PROTOCOLS = new Set(['standby', 'stand', 'vrrp', 'glbp', 'nhrp', 'hmac-sha-256']);

/** `standby 1 authentication SECRET`: the other protocols' `authentication` names a method. */
function gatewaySecret(words: readonly Word[]): number | undefined {
  if (!words.some(({ text }) => GATEWAY_PROTOCOLS.has(text))) return undefined;
  let at = words.findIndex(({ text }) => text.length >= 4 && 'authentication'.startsWith(text)) + 1;
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

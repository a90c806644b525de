/** What package.json and the schemas say about the code, held against the code. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'jsonc-parser';
import { starterText } from '../../client/src/site-file-text.js';
import { DIALECTS } from '../../server/src/core/dialects/registry.js';
import { RULES } from '../../server/src/core/rules/index.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const siteSchema = JSON.parse(readFileSync('schemas/advisory-lens.schema.json', 'utf8'));
const { contributes } = manifest;

/** A validator that knows the members that editors add to JSON Schema. */
function siteValidator() {
  const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true });
  for (const keyword of ['allowComments', 'allowTrailingCommas', 'defaultSnippets', 'enumDescriptions']) {
    ajv.addKeyword(keyword);
  }
  return ajv.compile(siteSchema);
}

describe('the manifest', () => {
  it('names only files that are there', () => {
    const paths: string[] = [
      manifest.icon,
      ...contributes.grammars.map(({ path }: { path: string }) => path),
      ...contributes.languages.map(({ configuration }: { configuration: string }) => configuration),
      ...contributes.jsonValidation.map(({ url }: { url: string }) => url),
    ];
    assert.deepEqual(
      paths.filter((path) => !existsSync(path)),
      [],
    );
  });

  it('contributes the commands that the client registers', () => {
    const sources = readdirSync('client/src').map((name) => readFileSync(`client/src/${name}`, 'utf8'));
    const registered = sources.flatMap((source) =>
      [...source.matchAll(/(?:command\(client, |registerCommand\()'(advisoryLens\.\w+)'/g)].map((match) => match[1]),
    );
    const contributed = contributes.commands.map(({ command }: { command: string }) => command);
    assert.deepEqual(registered.sort(), contributed.sort());
  });

  it('offers every dialect', () => {
    const ids = DIALECTS.map(({ id }) => id);
    const setting = contributes.configuration.properties['advisoryLens.dialects'].additionalProperties;
    assert.deepEqual(setting.enum, ids);
    assert.equal(setting.enumDescriptions.length, ids.length);
    const { dialect } = siteSchema.definitions.device.properties;
    assert.deepEqual(dialect.enum, ids);
    assert.equal(dialect.enumDescriptions.length, ids.length);
  });

  it('is not activated by everything', () => {
    assert.ok(!manifest.activationEvents.includes('*'));
    assert.ok(!manifest.activationEvents.includes('onStartupFinished'));
  });

  it('is packed without a "type", which the web worker host refuses', () => {
    assert.equal(manifest.type, undefined);
  });
});

describe('the schema of the site file', () => {
  const isValid = siteValidator();

  it('knows every rule', () => {
    const ids = RULES.map(({ id }) => id);
    assert.deepEqual([...siteSchema.properties.rules.propertyNames.enum].sort(), ids.sort());
  });

  for (const [name, text] of [
    ['the example', readFileSync('examples/hospital/advisory-lens.json', 'utf8')],
    ['the starter', starterText()],
    [
      'every key',
      `{ "segments": [{ "name": "patient-monitors", "vlans": [210, "300-309"], "subnets": ["10.20.10.0/24"],
           "interfaces": ["core1:Vlan210"], "zones": ["MEDICAL"] }],
         "configs": ["configs/**"],
         "devices": { "core1": { "files": ["core/*"], "dialect": "cisco-ios" } },
         "advisories": ["builtin:ICSMA-25-030-01", "advisories/*.json"],
         "internalTargets": [{ "hosts": ["202.114.4.119/32"], "reason": "our central station" }],
         "rules": { "target-in-use": "info" } }`,
    ],
  ] as const) {
    it(`takes ${name}`, () => {
      assert.ok(isValid(parse(text)), JSON.stringify(isValid.errors));
    });
  }

  for (const text of [
    '{}',
    '{ "segments": [] }',
    '{ "segments": [{ "vlans": [210] }] }',
    '{ "segments": [{ "name": "a" }] }',
    '{ "segments": [{ "name": "a", "vlans": [4095] }] }',
    '{ "segments": [{ "name": "a", "vlans": ["210 to 220"] }] }',
    '{ "segments": [{ "name": "a", "subnets": ["10.0.0.0 255.0.0.0"] }] }',
    '{ "segments": [{ "name": "a", "vlans": [1] }], "config": ["*"] }',
    '{ "segments": [{ "name": "a", "vlans": [1] }], "rules": { "no-such-rule": "info" } }',
    '{ "segments": [{ "name": "a", "vlans": [1] }], "rules": { "target-in-use": "loud" } }',
    '{ "segments": [{ "name": "a", "vlans": [1] }], "devices": { "core1": { "dialect": "cisco-ios" } } }',
  ]) {
    it(`refuses ${text}`, () => {
      assert.equal(isValid(parse(text)), false);
    });
  }

  it('gives examples that it takes itself', () => {
    const { properties } = siteSchema.definitions.segment;
    for (const [key, { examples }] of Object.entries<{ examples?: unknown[] }>(properties)) {
      for (const example of examples ?? []) {
        const segment = { name: 'a', vlans: [1], [key]: example };
        assert.ok(isValid({ segments: [segment] }), `${key}: ${JSON.stringify(example)}`);
      }
    }
  });
});

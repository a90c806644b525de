import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { applyEdits, parse } from 'jsonc-parser';
import { addVlan, placeToWrite, segmentNames, segmentOfVlan, starterText } from '../../client/src/site-file-text.js';

function withVlan(text: string, segment: number, vlan: number): string {
  return applyEdits(text, [...addVlan(text, segment, vlan)]);
}

describe('starterText', () => {
  it('is a site file with one segment that holds the VLANs given', () => {
    assert.deepEqual(parse(starterText([210])), { segments: [{ name: 'patient-monitors', vlans: [210] }] });
  });

  it('has its place to write inside the empty list', () => {
    const text = starterText();
    const at = placeToWrite(text);
    assert.equal(text.slice(at - '"vlans": ['.length, at + 1), '"vlans": []');
  });
});

describe('segmentNames', () => {
  it('gives the names in their order, and a number for what has none', () => {
    const text = '// our site\n{ "segments": [{ "name": "a" }, { "vlans": [1] },] }';
    assert.deepEqual(segmentNames(text), ['a', 'segment 2']);
  });

  it('is empty where there is no list yet', () => {
    assert.deepEqual(segmentNames('{}'), []);
  });

  for (const broken of ['', '{ "segments": [', '[]', '{ "segments": {} }', '{ "segments": [] } }']) {
    it(`is undefined for ${JSON.stringify(broken)}`, () => {
      assert.equal(segmentNames(broken), undefined);
    });
  }
});

describe('segmentOfVlan', () => {
  const text = '{ "segments": [{ "subnets": [] }, { "vlans": [5, "300-309"] }, { "vlans": ["12"] }] }';
  for (const [vlan, segment] of [
    [5, 1],
    [300, 1],
    [309, 1],
    [12, 2],
    [310, undefined],
    [1, undefined],
  ] as const) {
    it(`finds VLAN ${vlan} in segment ${segment}`, () => {
      assert.equal(segmentOfVlan(text, vlan), segment);
    });
  }
});

describe('addVlan', () => {
  it('stays on the line of a one-line list', () => {
    assert.equal(
      withVlan('{ "segments": [{ "name": "a", "vlans": [5, "300-309"] }] } // end\n', 0, 210),
      '{ "segments": [{ "name": "a", "vlans": [5, "300-309", 210] }] } // end\n',
    );
  });

  it('takes a line of its own where the others have one', () => {
    const text = '{\r\n\t"segments": [{\r\n\t\t"vlans": [\r\n\t\t\t5, // five\r\n\t\t\t6 // six\r\n\t\t]\r\n\t}]\r\n}';
    assert.equal(withVlan(text, 0, 210), text.replace('6 //', '6,\r\n\t\t\t210 //'));
  });

  it('fills an empty list', () => {
    assert.equal(withVlan('{"segments":[{"vlans":[]}]}', 0, 210), '{"segments":[{"vlans":[210]}]}');
  });

  it('writes the list where a segment has none, and keeps the comments', () => {
    const text = '{\n  "segments": [\n    // the wards\n    { "name": "a", "subnets": ["10.0.0.0/24"] }\n  ]\n}\n';
    const changed = withVlan(text, 0, 210);
    assert.match(changed, /\/\/ the wards/);
    assert.deepEqual(parse(changed), { segments: [{ name: 'a', subnets: ['10.0.0.0/24'], vlans: [210] }] });
  });

  for (const text of ['{}', '{ "segments": [] }', '{\n  // none yet\n  "configs": ["*.cfg"]\n}\n']) {
    it(`writes a segment where there is none: ${JSON.stringify(text)}`, () => {
      const { segments } = parse(withVlan(text, 0, 210)) as { segments: unknown };
      assert.deepEqual(segments, [{ name: 'patient-monitors', vlans: [210] }]);
    });
  }

  it('adds the VLAN to that segment, and changes nothing else, whatever the layout', () => {
    const layouts = fc.constantFrom<string | number | undefined>(undefined, 0, 1, 2, 4, '\t');
    const segment = fc.record({ name: fc.string(), vlans: fc.array(fc.oneof(fc.nat(4094), fc.constant('1-9'))) });
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), fc.nat(), layouts, (segments, pick, layout) => {
        const index = pick % segments.length;
        const changed = withVlan(JSON.stringify({ segments }, undefined, layout), index, 4094);
        const wanted = segments.map((old, at) => (at === index ? { ...old, vlans: [...old.vlans, 4094] } : old));
        assert.equal(JSON.stringify(JSON.parse(changed)), JSON.stringify({ segments: wanted }));
      }),
    );
  });
});

import { AAA } from './aaa.js';
import { ACCESS } from './blocks/access.js';
import { LAYER2 } from './blocks/layer2.js';
import { POLICIES } from './blocks/policies.js';
import { SERVICES } from './blocks/services.js';
import { TELEMETRY } from './blocks/telemetry.js';
import { VOICE } from './blocks/voice.js';
import { CAPTURE } from './capture.js';
import { CRYPTO } from './crypto.js';
import { ACL, OBJECT_GROUP, ROUTE_MAP } from './filters.js';
import { GLOBAL } from './global.js';
import { INTERFACE } from './interface.js';
import { LINE } from './line.js';
import { CLASS_MAP, POLICY_MAP } from './policies.js';
import { ROUTER } from './router.js';
import { VLAN, VRF } from './vlan-vrf.js';
import type { LineContext, PhraseTable } from './vocabulary.js';

/**
 * What may stand in any context. `description:` is what some tools write in a description's place
 * when they make a configuration anonymous.
 */
export const COMMON: PhraseTable = {
  ignored: {
    '': 'description description: do end exit exit-address-family quit',
  },
  unmodelled: {},
};

/**
 * Every vocabulary. `unmodelled` stands on the lines that matter by themselves: the header of an
 * inspect policy, and not each line of its body. Lines that the reader models are `unmodelled` here
 * where they matter, since only a spelling that it could not read is looked up.
 */
export const KNOWN: Readonly<Record<LineContext, readonly PhraseTable[]>> = {
  global: [COMMON, CAPTURE, GLOBAL],
  interface: [COMMON, INTERFACE],
  router: [COMMON, ROUTER],
  line: [COMMON, LINE],
  vlan: [COMMON, VLAN],
  vrf: [COMMON, VRF],
  acl: [COMMON, ACL],
  'object-group': [COMMON, OBJECT_GROUP],
  'class-map': [COMMON, CLASS_MAP],
  'policy-map': [COMMON, POLICY_MAP],
  'route-map': [COMMON, ROUTE_MAP],
  crypto: [COMMON, CRYPTO],
  aaa: [COMMON, AAA],
  'other-block': [COMMON, ACCESS, LAYER2, POLICIES, SERVICES, TELEMETRY, VOICE],
};

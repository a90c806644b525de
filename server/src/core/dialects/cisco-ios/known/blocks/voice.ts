import type { PhraseTable } from '../vocabulary.js';

/** Telephony: ports, dial peers, phones, call control, media resources. */
export const VOICE: PhraseTable = {
  ignored: {
    '': `
      access access-list account accounting-list address address-hiding after-hours alias allow-connections ani
      answer-address application asserted-id associate associate-ccm attenuation audio authenticate authorization
      auto auto-line auto-network-detect auto-reg-ephone automatic background bandwidth battery-reversal bearer-cap
      bind buffer bundle busy-trigger-per-button busyout button byte cadence call call-agent call-block call-forward
      caller-id calling-info calling-number camera cas-custom cas-group channel-group clid cnf-file codec
      comfort-noise compand-type conference conference-pattern connect connection connection-reuse contact-name cor
      corlist cptone create credentials date-format default default-destination destination destination-pattern
      device-security-mode dial-peer dial-type dialplan-pattern digit-strip direct-inward-dial directory
      disable-eadi disc_pi_off disconnect-ack display-logo dn-webedit dnd down-interval dsp dspfarm dtmf
      dtmf-interworking dtmf-relay dualtone e164 e164-pattern-map early-offer echo-cancel em emergency encryption
      ephone-dn ephone-hunt ephone-template ephone-type error-code-override error-passthru expect-factor
      extension-assigner fac fallback-dn fast fastreg fax fax-relay feature feature-button feature-ring final
      forward-digits forwarding from-ring g711 g729 gain gateway group gw-type-prefix h225 h245 h323 h323-gateway
      handle-replaces header-passing hfs hold-alert hunt hunt-group hunt-scheme huntstop icpif id impedance incoming
      input intercom ip ip-address ipv4 ipv6 isdn keep-conference keepalive keyphone label label-line limit-dn list
      load locale localhost login logout-profile longest loopback loopback-test loss-plan lpcor lpcor-type
      mac-address mailbox max-calls max-calls-per-button max-conferences max-conn max-dn max-ephones max-forwards
      max-pool max-redirect maximum media media-inactivity-criteria media-renegotiate member mgcp mid-call-signaling
      midcall-signaling min-se mode modem moh mtp multicast multilink multiplicity music music-threshold mwi
      mwi-server name nat network-locale night-service no-reg non-linear notify nte nte-end-digit-delay num-exp
      number operation options-ping outbound outbound-proxy outgoing output overlap overlap-signal package paging
      paging-dn paramspace park-slot pass-thru pattern period permission phone-display phoneload pickup-call
      pickup-group pilot pin playout-delay port preemption preference prefix presence presentation pri-group primary
      privacy privacy-policy progress_ind protocol proxy pulse-digits random-contact reason-header receive redirect
      redirection redundancy-group referto-passing refuse register registrar registration rel1xx req-qos request
      reset response retry ring ringing route route-tag rtcp rtp rtp-nte rtp-port rule sccp sdspfarm secondary
      secondary-dialtone security server service service-phone session session-protocol shared-line signal signaling
      signalling sip sip-options-keepalive sip-profiles sip-server sip-ua soft-key soft-keys softkey softkeys
      source-address speed speed-dial srst srtp srtp-crypto station station-id statistics stcapp store subaddress
      supervised supervisory supplementary-service switchback system t38 tag tdm-group tech-prefix template text
      tftp-path time-format time-webedit time-zone timeouts timers timezone timing tls-profile tone transfer
      transfer-digit-length transfer-mode transfer-park transfer-pattern transfer-system translate
      translate-outgoing translation-profile translation-rule transport trunk trunk-group trunkgroup trustpoint type
      up-interval update-callerid url url-button usage user user-locale username vad video video-screen
      vm-integration vmwi voice-class voicemail voip watchdog web weight xfer xml zone`,
    crypto: 'signaling',
  },
  unmodelled: {},
};

"""Connection tracking, through ctnetlink (linux/netfilter/nfnetlink_conntrack.h)."""

import os
import socket
import struct

from packets import GRE, ICMP, PORTED, SCTP, TCP

NESTED = 0x8000
CT_NEW, CT_DELETE = 0x0100, 0x0102
REQUEST, ACK, EXCLUSIVE, CREATE = 0x1, 0x4, 0x200, 0x400
TUPLE_ORIG, TUPLE_REPLY, STATUS, PROTOINFO, TIMEOUT = 1, 2, 3, 4, 7
SEEN_REPLY, ASSURED, CONFIRMED = 2, 4, 8
TCP_ESTABLISHED = 3
ICMP_REPLIES = {8: 0, 13: 14, 15: 16, 17: 18, 0: 8, 14: 13, 16: 15, 18: 17}


class Tracking:
    """The connections of this namespace."""

    def __init__(self):
        self.netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
        self.netlink.bind((0, 0))

    def add(self, key, protocol, icmp_type):
        """Adds a connection that both sides have spoken on."""
        attributes = attribute(TUPLE_ORIG | NESTED, tuple_attributes(key))
        attributes += attribute(TUPLE_REPLY | NESTED, tuple_attributes(reversed_tuple(key)))
        attributes += attribute(STATUS, struct.pack("!I", SEEN_REPLY | ASSURED | CONFIRMED))
        attributes += attribute(TIMEOUT, struct.pack("!I", 600))
        if protocol == TCP:
            state = attribute(1 | NESTED, attribute(1, bytes([TCP_ESTABLISHED])))
            attributes += attribute(PROTOINFO | NESTED, state)
        elif protocol == SCTP:
            state = attribute(1, bytes([4])) + attribute(2, bytes(4)) + attribute(3, bytes(4))
            attributes += attribute(PROTOINFO | NESTED, attribute(3 | NESTED, state))
        code = self.ask(CT_NEW, CREATE | EXCLUSIVE, attributes)
        if code != 0:
            raise OSError(code, f"a connection of protocol {protocol} cannot be added: {os.strerror(code)}")

    def delete(self, key):
        self.ask(CT_DELETE, 0, attribute(TUPLE_ORIG | NESTED, tuple_attributes(key)))

    def ask(self, kind, flags, attributes):
        message = struct.pack("=BBH", socket.AF_INET, 0, 0) + attributes
        header = struct.pack("=IHHII", 16 + len(message), kind, REQUEST | ACK | flags, 1, 0)
        self.netlink.send(header + message)
        answer = self.netlink.recv(65536)
        return -struct.unpack_from("=i", answer, 16)[0]

    def count(self):
        try:
            with open("/proc/sys/net/netfilter/nf_conntrack_count") as file:
                return int(file.read())
        except FileNotFoundError:
            return 0


def tuple_of(ident, src, dst, protocol, sport, dport, icmp_type, icmp_code):
    if protocol == ICMP:
        return (src, dst, protocol, ident, icmp_type, icmp_code)
    if protocol in PORTED:
        return (src, dst, protocol, sport, dport, 0)
    return (src, dst, protocol, 0, 0, 0)


def reversed_tuple(key):
    src, dst, protocol, first, second, third = key
    if protocol == ICMP:
        return (dst, src, protocol, first, ICMP_REPLIES.get(second, second), third)
    return (dst, src, protocol, second, first, 0)


def tuple_attributes(key):
    src, dst, protocol, first, second, third = key
    addresses = attribute(1, struct.pack("!I", src)) + attribute(2, struct.pack("!I", dst))
    proto = attribute(1, bytes([protocol]))
    if protocol == ICMP:
        proto += attribute(4, struct.pack("!H", first)) + attribute(5, bytes([second])) + attribute(6, bytes([third]))
    elif protocol in PORTED or protocol == GRE:
        proto += attribute(2, struct.pack("!H", first)) + attribute(3, struct.pack("!H", second))
    return attribute(1 | NESTED, addresses) + attribute(2 | NESTED, proto)


def attribute(kind, value):
    padding = -len(value) % 4
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(padding)

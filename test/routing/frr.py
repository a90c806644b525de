#!/usr/bin/env python3
"""FRR as judge of routing tables.

Starts one zebra and one staticd in a network namespace of their own, with a TAP for each interface
name given as an argument. Reads jobs as JSON lines from stdin and answers each with one JSON line.

Job:
  load    lines of an frr.conf, loaded by the real vtysh; what an earlier job loaded is taken back first
  again   of those lines, the ones that are taken back and loaded again, one after another; none: the
          table is just looked at for longer
Answer:
  tables  what `show ip route json` prints once it has stopped changing; all that it prints for a while
          where it never stops, as with routes that lead to each other in a circle
  error   instead: what was refused, in words
  died    instead: a daemon is gone, and with it the use of this process

Everything runs in a process namespace of its own too: when this process ends, however it does, the
kernel ends the daemons and drops the namespaces.
"""

import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

CLONE_NEWNET = 0x40000000
CLONE_NEWNS = 0x00020000
CLONE_NEWPID = 0x20000000
PR_SET_PDEATHSIG = 1
TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
DAEMONS = "/usr/lib/frr"
MOST_SECONDS = 20
# Longer than any table needs on a busy machine.
RESTLESS_SECONDS = 3
HASTY_SECONDS = 0.3
NOT_THERE = "% Refusing to remove a non-existent route"


class FrrError(Exception):
    """FRR refused something; the message says what, in its words."""


def main():
    libc = ctypes.CDLL(None, use_errno=True)
    unshare(libc, CLONE_NEWNET | CLONE_NEWNS)
    # The daemons leave folders for their crashes there, one for each process.
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/var/tmp"], check=True)
    # The next process that is made is the first one of its namespace.
    unshare(libc, CLONE_NEWPID)
    folder = tempfile.mkdtemp(prefix="advisory-lens-frr-")
    # The daemons give root up for the user of their package.
    shutil.chown(folder, "frr", "frr")
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        # The first process of its namespace: all others there end with it, and it ends with its parent.
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os._exit(serve(folder, sys.argv[1:]) if os.getppid() in (0, parent) else 1)
    try:
        _, status = os.waitpid(child, 0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    raise SystemExit(os.waitstatus_to_exitcode(status))


def unshare(libc, flags):
    if libc.unshare(flags) != 0:
        raise SystemExit(f"unshare: {os.strerror(ctypes.get_errno())}")


def serve(folder, names):
    try:
        taps = [make_tap(name) for name in names]
        subprocess.run(["ip", "link", "set", "dev", "lo", "up"], check=True)
        for name in names:
            subprocess.run(["ip", "link", "set", "dev", name, "up"], check=True)
        daemons = [start(folder, "zebra"), start(folder, "staticd")]
        loaded = []
        for line in sys.stdin:
            job = json.loads(line)
            try:
                answer = {"tables": answer_of(folder, job, loaded)}
            except (FrrError, OSError) as error:
                time.sleep(0.1)
                died = any(daemon.poll() is not None for daemon in daemons)
                answer = {"died" if died else "error": str(error)}
            sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
            sys.stdout.flush()
        for tap in taps:
            os.close(tap)
        return 0
    except BaseException as error:
        sys.stderr.write(f"frr.py: {type(error).__name__}: {error}\n")
        return 1


def answer_of(folder, job, loaded):
    if "load" in job:
        if loaded:
            # One line may have taken the place of another; that nothing is left is asked below.
            load(folder, undoing(loaded), NOT_THERE)
            loaded.clear()
            if tables_of(folder, lambda table: table == {}, False) != [{}]:
                raise FrrError("what was loaded could not be taken back")
        loaded.extend(job["load"])
        load(folder, loaded)
    for line in job.get("again", []):
        load(folder, [f"no {line}"], NOT_THERE)
        tables_of(folder, lambda _: True, False, HASTY_SECONDS)
        load(folder, [line])
        tables_of(folder, lambda _: True, False, HASTY_SECONDS)
    return tables_of(folder, lambda _: True, "again" in job)


def undoing(lines):
    """Lines that take others back, in the blocks that they stand in."""
    undo = []
    block = None
    for line in lines:
        if line.startswith("interface "):
            block = line
            undo.append(line)
        elif line.startswith(" ") and block is not None:
            undo.append(f" no {line.strip()}" if line.strip() != "shutdown" else " no shutdown")
        elif line.startswith("ip "):
            block = None
            undo.append(f"no {line}")
    return undo


def make_tap(name):
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return tap


def start(folder, daemon):
    """The running daemon. Its own log goes to a file: what a daemon writes to stdout would be taken for an answer."""
    argv = [f"{DAEMONS}/{daemon}", "-P", "0", "-f", "/dev/null"]
    argv += ["--vty_socket", folder, "-z", f"{folder}/zserv.api", "-i", f"{folder}/{daemon}.pid"]
    with open(f"{folder}/{daemon}.log", "w") as log:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    deadline = time.monotonic() + MOST_SECONDS
    while True:
        try:
            ask(folder, daemon, "show version")
            return process
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                with open(f"{folder}/{daemon}.log") as log:
                    raise FrrError(f"{daemon} does not start: {log.read()[-500:]}")
            time.sleep(0.01)


def load(folder, lines, may_say=""):
    path = f"{folder}/loaded.conf"
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    done = subprocess.run(["vtysh", "--vty_socket", folder, "-f", path], capture_output=True, text=True)
    said = (done.stdout + done.stderr).replace(may_say, "").strip()
    if said != "" or (done.returncode != 0 and may_say == ""):
        raise FrrError(f"vtysh: {said[:2000]}")


def tables_of(folder, is_wanted, patient, most_seconds=RESTLESS_SECONDS):
    """The table once it has stood still for a while: routes that lean on others come one after another."""
    deadline = time.monotonic() + most_seconds
    still, before, seen = 0, None, []
    while still < (30 if patient else 4):
        time.sleep(0.015)
        table = without_times(json.loads(ask(folder, "zebra", "show ip route json")))
        still = still + 1 if table == before and is_wanted(table) else 0
        before = table
        seen.append(table)
        if time.monotonic() > deadline:
            return [table for at, table in enumerate(seen) if at > len(seen) / 2 and table not in seen[:at]]
    return [before]


def without_times(table):
    for routes in table.values():
        for route in routes:
            route.pop("uptime", None)
    return table


def ask(folder, daemon, command):
    """What a daemon's own socket answers: the text, three zero bytes, and a code."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(MOST_SECONDS)
        connection.connect(f"{folder}/{daemon}.vty")
        text = ""
        for line in ("enable", command):
            connection.sendall(line.encode() + b"\0")
            answer = b""
            while len(answer) < 4 or answer[-4:-1] != b"\0\0\0":
                piece = connection.recv(65536)
                if not piece:
                    raise OSError(f"{daemon} hung up at {line}")
                answer += piece
            text = answer[:-4].decode()
        return text


if __name__ == "__main__":
    main()

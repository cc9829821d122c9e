#!/usr/bin/env python3
"""Verifies bundles of sealed events (封存台账导出包, format sxj-export-1) without trusting whoever made them.

    python3 -I verify.py FOLDER --vkey KEY                      one bundle
    python3 -I verify.py FOLDER --vkey KEY --previous FOLDER    and that it goes on where the bundle before it ends
    python3 -I verify.py FOLDER FOLDER ... --vkey KEY           a series of one kind: every bundle, and none left out between them
    python3 -I verify.py FOLDER --vkey KEY --closed-by FOLDER   and that the log has its manifest: FOLDER is the bundle of the day on which it was closed
    python3 -I verify.py FOLDER --vkey KEY --checkpoint FILE    and that a checkpoint kept elsewhere (by a witness, of an older bundle) is a state of the same log
    python3 -I verify.py FOLDER --vkey KEY --root SIZE:HEX      the same for a size and a root, as somebody noted them
    python3 -I verify.py FOLDER --vkey KEY --salts salts.jsonl  and that the personal data handed to you is what the events commit to

KEY is the verifier key of the county's log (name+id+key), from the gazette or the county's site and not from the bundle. Say --vkey
again for a second key, as after a rotation. --witness KEY asks for the cosignature of a witness, too. -I: no module beside it is taken in.

Python 3.8 or later and nothing else. Ends with 0 and a sentence, with 1 and the first thing that is wrong, or with 2 for a wrong call.
Nothing in a bundle is run, no link is followed, and lines are streamed: memory grows with the number of files, not of events.

What it looks at, in this order: sums; manifest and files (nothing extra, nothing missing); chain; signature of the checkpoint; tiles
of the Merkle tree up to the signed root; previous checkpoint; every line (canonical, in its place, its leaf in the tree, no index left
out, dates, large data, evidence); sequences of each subject; proofs of single events; what the log itself says of manifests and keys;
checkpoints and roots from elsewhere; salts.

A bundle is complete in places of the log, and not in days: what was sealed later, or after its end, is not in it.
"""

import argparse
import base64
import functools
import hashlib
import hmac
import json
import os
import re
import stat
import struct
import sys
import tempfile
import unicodedata
import zlib
from datetime import datetime, timedelta

FORMAT = "sxj-export-1"
KINDS = ("day", "month", "range", "enterprise", "hazard", "record")
PERIODIC = ("day", "month")  # complete, and each goes on where the one before ends
WHOLE_RANGE = ("day", "month", "range")
NO_PREVIOUS = "0" * 64
LARGEST = 2**53 - 1
MOST_LINE, MOST_LARGE, MOST_NOTE, MOST_LIST = 65_535, 1 << 28, 1 << 16, 1 << 29  # bytes; a hostile file ends there
MOST_SALTS = 1 << 24  # bytes of a line
MOST_SIGNATURES = 64
MOST_DEEP = 100  # lists and objects in each other
LAST_SECOND = 253_402_300_799  # of the year 9999: no witness signs a later time
TILE, SLICE = 256, 16_384
ZONE = timedelta(hours=8)  # Asia/Shanghai
# A day ends in the log at the first event from an instant on that lies so long after its midnight.
SOONEST, LATEST = timedelta(minutes=15), timedelta(minutes=60)
COMMITMENT = "sxj-pii-1:"


class Fault(Exception):
    """The first thing that is wrong: where, and what."""

    def __init__(self, where, what):
        super().__init__("%s: %s." % (where, what))
        self.step = ""


def demand(condition, where, what):
    if not condition:
        raise Fault(where, what)


def sha256(data):
    return hashlib.sha256(data).digest()


def base64_of(text, where):
    """The bytes of a base64 text that is written in the one way there is."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Fault(where, "is not base64")
    demand(base64.b64encode(data).decode() == text, where, "is not written as base64 is")
    return data


# ------------------------------------------------------------------------------------------------------------ Ed25519 (RFC 8032)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_of(encoded):
    """The point (X, Y, Z, T) that 32 bytes stand for, or None."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P != 0 or (x == 0 and sign == 1):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def sum_of(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def product_of(number, p):
    result = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            result = sum_of(result, p)
        p, number = sum_of(p, p), number >> 1
    return result


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
# y of the points whose order divides 8: what such a key has signed, anybody can.
OF_ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826
SMALL = (0, 1, P - 1, OF_ORDER_8, P - OF_ORDER_8)


@functools.lru_cache(maxsize=256)
def is_signed(key, message, signature):
    """Whether a signature of 64 bytes is that of a public key of 32 bytes over a message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    point, s = point_of(key), int.from_bytes(signature[32:], "little")
    if point is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    minus = (P - point[0], point[1], 1, P - point[3])
    x, y, z, _ = sum_of(product_of(s, BASE), product_of(k, minus))
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# ------------------------------------------------------------------------------------- canonical JSON (RFC 8785, whole numbers alone)

def whole(text):
    if len(text) > 17 or abs(int(text)) > LARGEST:
        raise ValueError("a number is too large to be exact everywhere")
    return int(text)


def no_number(text):
    raise ValueError("the number %s is not whole" % text)


def members(pairs):
    names = [name for name, _ in pairs]
    units = names if "".join(names).isascii() else [name.encode("utf-16-be", "surrogatepass") for name in names]
    if units != sorted(set(units)):
        raise ValueError("members are not in order, or one stands twice")
    return dict(pairs)


DECODER = json.JSONDecoder(object_pairs_hook=members, parse_int=whole, parse_float=no_number, parse_constant=no_number)
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def depth_of(value):
    """How many lists and objects lie in each other."""
    depth, layer = 0, [value]
    while True:
        layer = [each for each in layer if type(each) in (list, dict)]
        if not layer:
            return depth
        depth += 1
        layer = [member for each in layer for member in (each if type(each) is list else each.values())]


def canonical(raw, where):
    """The value of JSON bytes, which have to be the only bytes that stand for it."""
    try:
        value = DECODER.decode(raw.decode("utf-8"))
        again = ENCODER.encode(value).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Fault(where, "is not canonical JSON (%s)" % error)
    demand(again == raw, where, "is not canonical JSON (RFC 8785)")
    opened = raw.count(b"[") + raw.count(b"{")
    demand(opened <= MOST_DEEP or depth_of(value) <= MOST_DEEP, where, "has more than %d lists and objects in each other" % MOST_DEEP)
    return value


def shaped(value, shape, where):
    """Demands an object with exactly the members of a shape, each of its type or matching its pattern. No number is below 0."""
    demand(type(value) is dict, where, "is not an object")
    demand(set(value) == set(shape), where, "has not exactly the members %s" % ", ".join(sorted(shape)))
    for name, wanted in shape.items():
        found = value[name]
        if isinstance(wanted, type):
            fits = type(found) is wanted and (wanted is not int or found >= 0)
        else:
            fits = type(found) is str and re.fullmatch(wanted, found, re.ASCII) is not None
        demand(fits, where, "has a member %s that cannot be" % name)


# ------------------------------------------------------------------------------------------------------------- files of a bundle

SEGMENT = "[A-Za-z0-9][A-Za-z0-9=._-]*"
PATH = re.compile("%s(?:/%s)*" % (SEGMENT, SEGMENT))
EVENTS = re.compile(
    r"county=(\d{6})/colour=(RED|ORANGE|YELLOW|BLUE|NONE)/date=(\d{4}-\d\d-\d\d)/events(?:-(\d{6}))?\.jsonl\.gz")
LARGE = re.compile(r"large/([0-9a-f]{64})\.json")
PROOF = re.compile(r"proofs/(0|[1-9]\d{0,15})\.tlog-proof")
TIMESTAMP = re.compile(r"[A-Za-z0-9][A-Za-z0-9=._-]*\.tsr")
TILE_PATH = re.compile(r"log/tile/(\d)/((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?")
CHECKPOINT, PREVIOUS, VKEY, EVIDENCE = "log/checkpoint", "log/checkpoint.previous", "log/vkey", "evidence.jsonl"
EVIDENCE_KEY = re.compile(  # named by the hash of its content
    r"evidence/(?:[0-9A-Z]{18}|AREA-[1-9][0-9]{8}-[A-Za-z0-9][A-Za-z0-9._-]{0,31})/([0-9a-f]{64})\.[a-z0-9]{3,4}")
ROLE_OF_PATH = (
    ("events", EVENTS),
    ("events", LARGE),
    ("proof", PROOF),
    ("proof", TIMESTAMP),
    ("log", TILE_PATH),
    ("log", re.compile(r"log/(?:checkpoint|checkpoint\.previous|vkey)")),
    ("evidence", re.compile(r"evidence\.jsonl")),
    ("view", re.compile(r"views/.+")),
    ("state", re.compile(r"state/.+")),
    ("doc", re.compile(r"README\.md|README\.zh\.md|verify\.py|policy\.json")),
)
HEX = "[0-9a-f]{64}"
DAY = r"(?:19[7-9]\d|[2-8]\d{3}|9[0-8]\d\d|99[0-8]\d|999[0-8])-\d\d-\d\d"  # 1970 to 9998
MANIFEST = {
    "format": re.escape(FORMAT), "bundle": r"(?:day|month)-\d{6}|(?:range|enterprise|hazard|record)-[0-9a-f]{20}",
    "county": r"[1-9]\d{5}", "kind": "|".join(KINDS), "from": DAY, "to": DAY, "first": int, "end": int, "complete": bool,
    "events": int, "origin": r"[^\s+]+", "treeSize": int, "root": HEX, "sequence": int, "previous": HEX, "files": list,
}
LISTED_FILE = {"path": PATH.pattern, "bytes": int, "sha256": HEX, "role": "events|view|state|evidence|proof|log|doc"}
EVENT = {
    "index": int, "id": str, "at": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "county": r"[1-9]\d{5}", "colour": "[A-Z]+",
    "type": r"(?s:.+)", "subject": r"(?s:.+)", "sequence": int, "actor": dict, "data": dict, "schema": int,
}


class Folder:
    """The files of a folder. Links and whatever else is not a file are refused before anything is opened."""

    def __init__(self, folder):
        self.folder = folder

    def open(self, path):
        place = self.folder
        try:
            for name in path.split("/"):
                place = os.path.join(place, name)
                mode = os.lstat(place).st_mode
                demand(not stat.S_ISLNK(mode), path, "is a link")
            demand(stat.S_ISREG(mode), path, "is not a file")
            return open(place, "rb")
        except OSError as error:
            raise Fault(path, "cannot be read (%s)" % (error.strerror or error))

    def read(self, path, most):
        with self.open(path) as file:
            data = file.read(most + 1)
        demand(len(data) <= most, path, "is longer than %d bytes" % most)
        return data

    def paths(self):
        def refuse(error):
            raise Fault(str(error.filename), "cannot be looked into")

        for where, folders, names in os.walk(self.folder, onerror=refuse):
            demand(folders or names, os.path.relpath(where, self.folder), "is a folder without a file")
            for name in folders + names:
                place = os.path.join(where, name)
                path = os.path.relpath(place, self.folder).replace(os.sep, "/")
                demand(not os.path.islink(place), path, "is a link")
                if name in names:
                    demand(os.path.isfile(place), path, "is not a file")
                    yield path

    def digest(self, path):
        """How many bytes a file has, and their hash."""
        size, digest = 0, hashlib.sha256()
        with self.open(path) as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                size += len(piece)
                digest.update(piece)
        return size, digest.hexdigest()

    def gz_lines(self, path):
        """The lines of a gzip file of one member, without their ends. What it unpacks to is never held whole."""
        with self.open(path) as file:
            data = file.read(10)
            demand(data[:8] == b"\x1f\x8b\x08\0\0\0\0\0", path, "is not a gzip file without name and time")
            unpacking, rest = zlib.decompressobj(31), b""
            while not unpacking.eof:
                try:
                    piece = unpacking.decompress(data, 1 << 16)
                except zlib.error as error:
                    raise Fault(path, "cannot be unpacked (%s)" % error)
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines + [rest]:
                    demand(len(line) <= MOST_LINE, path, "has a line of more than %d bytes" % MOST_LINE)
                yield from lines
                data = unpacking.unconsumed_tail
                if not data and not unpacking.eof:
                    data = file.read(1 << 16)
                    demand(data or piece, path, "ends too early")
            demand(not unpacking.unused_data and not file.read(1), path, "goes on after its end")
            demand(not rest, path, "does not end with a line feed")


# ------------------------------------------------------------------------------------------ signed notes, checkpoints (C2SP)

SIGNED_BY, COSIGNED_BY = 0x01, 0x04
NAME = r"[^+\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+"


class Key:
    """A verifier key: name+id+key."""

    def __init__(self, text, where):
        parts = text.split("+", 2)
        demand(len(parts) == 3 and re.fullmatch(NAME, parts[0]), where, "is not a verifier key (name+id+key)")
        self.text, self.name = text, parts[0]
        data = base64_of(parts[2], where)
        self.kind, self.public = data[0] if data else 0, data[1:]
        demand(self.kind in (SIGNED_BY, COSIGNED_BY) and len(self.public) == 32, where, "is not a key of Ed25519")
        y = int.from_bytes(self.public, "little") & ((1 << 255) - 1)
        demand(y < P and y not in SMALL, where, "is a key that anybody can sign by, or not written in its one way")
        self.id = sha256(self.name.encode() + b"\n" + data)[:4]
        demand(self.id.hex() == parts[1], where, "is a key whose id is not that of its name and key")

    def verifies(self, text, signature):
        if self.kind == SIGNED_BY:
            return is_signed(self.public, text, signature)
        time = int.from_bytes(signature[:8], "big")
        return time <= LAST_SECOND and is_signed(self.public, b"cosignature/v1\ntime %d\n" % time + text, signature[8:])


class Checkpoint:
    """A checkpoint: origin, size and root, and who signed them."""

    def __init__(self, raw, where):
        self.raw, self.where = raw, where
        demand(not re.search(rb"[\x00-\x09\x0b-\x1f]", raw), where, "has control characters")
        text, between, signatures = raw.rpartition(b"\n\n")
        self.text = text + b"\n"
        match = re.fullmatch(rb"([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/=]+)\n", self.text)
        demand(between and match is not None, where, "is not origin, size and root, an empty line and signatures")
        try:
            self.origin, lines = match.group(1).decode("utf-8"), signatures.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            raise Fault(where, "is not UTF-8")
        self.size, self.root = int(match.group(2)), base64_of(match.group(3).decode(), where)
        demand(self.size <= LARGEST and len(self.root) == 32, where, "has a size or a root that cannot be")
        demand(len(lines) > 1 and lines.pop() == "", where, "has no signature, or does not end with a line feed")
        demand(len(lines) <= MOST_SIGNATURES, where, "has more than %d signatures" % MOST_SIGNATURES)
        self.signatures = {}
        for line in lines:
            match = re.fullmatch(r"\u2014 (%s) ([A-Za-z0-9+/=]+)" % NAME, line)
            demand(match is not None, where, "has a line that is not a signature")
            data = base64_of(match.group(2), where)
            demand(len(data) > 4, where, "has a signature without bytes")
            signer = (match.group(1), data[:4])
            demand(signer not in self.signatures, where, "has two signatures of one key")
            self.signatures[signer] = data[4:]

    def signed_by(self, keys):
        """Those of the keys that signed it. One in whose name stands what it did not sign is a fault; of other keys nothing is said."""
        signed = set()
        for key in keys:
            signature = self.signatures.get((key.name, key.id))
            if signature is not None:
                demand(key.verifies(self.text, signature), self.where, "has a signature that is not that of %s" % key.text)
                signed.add(key.text)
        return signed


# ----------------------------------------------------------------- time-stamp tokens (RFC 3161); who signed them, openssl says

DER_INTEGER, DER_OCTETS, DER_OBJECT, DER_TIME, DER_SEQUENCE, DER_SET, DER_TAGGED = 0x02, 0x04, 0x06, 0x18, 0x30, 0x31, 0xA0
SHA_256, SIGNED_DATA, TIME_STAMP = (bytes.fromhex(each) for each in (
    "608648016503040201", "2a864886f70d010702", "2a864886f70d0109100104"))


def der_values(data, where, *tags):
    """The contents of DER values that stand after each other. The first of them have these tags; those after may be missing."""
    found, at = [], 0
    while at < len(data):
        head, short = data[at], data[at + 1] if at + 1 < len(data) else 0x80
        width = max(short - 0x80, 0)
        size = int.from_bytes(data[at + 2:at + 2 + width], "big") if width else short
        shortest = not width or (size > 127 and data[at + 2] != 0)
        at += 2 + width
        demand(head & 31 != 31 and short != 0x80 and width <= 4 and shortest and at + size <= len(data), where, "is not a time-stamp token")
        found.append((head, data[at:at + size]))
        at += size
    demand([head for head, _ in found[:len(tags)]] == list(tags), where, "is not a time-stamp token")
    return [content for _, content in found]


def der_only(data, where, tag):
    contents = der_values(data, where, tag)
    demand(len(contents) == 1, where, "is not a time-stamp token")
    return contents[0]


def stamped_hash(raw, where):
    """The hash (SHA-256) that a granted time-stamp token is about."""
    answer = der_only(raw, where, DER_SEQUENCE)
    status = der_values(der_values(answer, where, DER_SEQUENCE)[0], where, DER_INTEGER)[0]
    demand(status in (b"\0", b"\1"), where, "was not granted (status %s)" % status.hex())
    token = der_values(der_values(answer, where, DER_SEQUENCE, DER_SEQUENCE)[1], where, DER_OBJECT, DER_TAGGED)
    demand(token[0] == SIGNED_DATA, where, "holds no signed data")
    signed = der_values(der_only(token[1], where, DER_SEQUENCE), where, DER_INTEGER, DER_SET, DER_SEQUENCE)
    content = der_values(signed[2], where, DER_OBJECT, DER_TAGGED)
    demand(content[0] == TIME_STAMP, where, "is signed data, but no time stamp")
    stamped = der_only(der_only(content[1], where, DER_OCTETS), where, DER_SEQUENCE)
    info = der_values(stamped, where, DER_INTEGER, DER_OBJECT, DER_SEQUENCE, DER_INTEGER, DER_TIME)
    imprint = der_values(info[2], where, DER_SEQUENCE, DER_OCTETS)
    demand(der_values(imprint[0], where, DER_OBJECT)[0] == SHA_256, where, "is not about a hash of SHA-256")
    demand(re.fullmatch(rb"[0-9]{14}(?:\.[0-9]{1,9})?Z", info[4]), where, "has no time")
    return imprint[1]


# ----------------------------------------------------------------------------------------- the tree (RFC 6962, C2SP tlog-tiles)

def leaf_of(entry):
    return sha256(b"\0" + entry)


def node_of(left, right):
    return sha256(b"\1" + left + right)


def subtree_of(hashes):
    """The root over hashes whose number is a power of two."""
    while len(hashes) > 1:
        hashes = [node_of(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def root_by_proof(index, size, leaf, proof, where):
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2)."""
    demand(index < size, where, "is about an index that the tree does not have")
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        demand(last > 0, where, "has too many hashes")
        if node & 1 or node == last:
            result = node_of(sibling, result)
            while node & 1 == 0 and node > 0:
                node, last = node >> 1, last >> 1
        else:
            result = node_of(result, sibling)
        node, last = node >> 1, last >> 1
    demand(last == 0, where, "has too few hashes")
    return result


class Tiles:
    """The tiles of hashes that a bundle holds of a tree."""

    def __init__(self, folder, size, paths):
        self.folder, self.size, self.path_of = folder, size, {}
        for path in paths:
            level, groups, width = TILE_PATH.fullmatch(path).groups()
            n = int(re.sub("[x/]", "", groups))
            of_level = size >> 8 * int(level)
            full, partial = divmod(of_level, TILE)
            digits = str(n)
            digits = digits.zfill(-(-len(digits) // 3) * 3)
            digits = [digits[at:at + 3] for at in range(0, len(digits), 3)]
            name = "/".join(["x" + some for some in digits[:-1]] + digits[-1:])
            demand(name == groups and (n < full if width is None else n == full and width == str(partial) != "0"),
                   path, "is not a tile of a tree of %d" % size)
            self.path_of[int(level), n] = path
        self.cache = functools.lru_cache(maxsize=128)(self.tile)

    def tile(self, level, n):
        demand((level, n) in self.path_of, "log/tile/%d" % level, "lacks tile %d, which is needed" % n)
        path = self.path_of[level, n]
        width = min(TILE, (self.size >> 8 * level) - n * TILE)
        data = self.folder.read(path, 32 * TILE)
        demand(len(data) == 32 * width, path, "has not %d hashes" % width)
        return data

    def hash(self, level, index):
        at = 32 * (index % TILE)
        return self.cache(level, index // TILE)[at:at + 32]

    def root(self, size):
        """The root of the tree when it had `size` leaves."""
        pieces, begin = [], 0
        for height in reversed(range(size.bit_length())):
            if size >> height & 1:
                level, above = divmod(height, 8)
                at = begin >> 8 * level
                pieces.append(subtree_of([self.hash(level, each) for each in range(at, at + (1 << above))]))
                begin += 1 << height
        return functools.reduce(lambda right, left: node_of(left, right), reversed(pieces)) if pieces else sha256(b"")

    def demand_exactly(self, first, end, previous):
        """All tiles above level 0; of level 0 the last if it is partial, those that overlap the range, and the one that the size before
        lies within. Counted rather than listed, as a size may be a lie."""
        for level in range(1, 7):
            found = sum(at == level for at, _ in self.path_of)
            demand(found == -(-(self.size >> 8 * level) // TILE), "log/tile/%d" % level, "has not all of its tiles")
        leaves = {n for level, n in self.path_of if level == 0}
        low, high = (first // TILE, (end - 1) // TILE) if first < end else (0, -1)
        asked = {size // TILE for size in (previous, self.size) if size % TILE > 0}
        demand(asked <= leaves and sum(low <= n <= high for n in leaves) == high - low + 1, "log/tile/0", "lacks tiles that are needed")
        for n in leaves:
            demand(low <= n <= high or n in asked, self.path_of[0, n], "is not needed in this bundle")

    def holds(self, size):
        """Whether the root at a size can be told."""
        return size <= self.size and (size % TILE == 0 or (0, size // TILE) in self.path_of)

    def check(self, root):
        """Every full tile is what stands for it a level higher, and all of them lead to the root."""
        for level, n in sorted(self.path_of):
            if (n + 1) * TILE <= self.size >> 8 * level:
                hashes = [self.hash(level, n * TILE + at) for at in range(TILE)]
                demand(subtree_of(hashes) == self.hash(level + 1, n), self.path_of[level, n], "is not what the tile above it says")
        demand(self.root(self.size) == root, "log/tile", "does not lead to the signed root")


class Records:
    """Records of 32 bytes in temporary files, so that many events take no memory; a part holds all that begin alike, and is sorted alone."""

    def __init__(self):
        self.parts = [tempfile.SpooledTemporaryFile(max_size=1 << 16) for _ in range(64)]

    def add(self, record):
        self.parts[record[0] % len(self.parts)].write(record)

    def sorted_parts(self):
        for part in self.parts:
            part.seek(0)
            data = part.read()
            part.close()
            yield sorted(data[at:at + 32] for at in range(0, len(data), 32))


class Sequences:
    """Per subject, whether its sequences go on by one, or at least ascend where a bundle holds some events of a subject alone."""

    FORM = struct.Struct(">16sQQ")

    def __init__(self):
        self.records = Records()

    def add(self, subject, index, sequence):
        self.records.add(self.FORM.pack(sha256(subject.encode())[:16], index, sequence))

    def check(self, from_first, goes_on=True):
        for part in self.records.sorted_parts():
            before, last = b"", 0
            for record in part:
                subject, index, sequence = self.FORM.unpack(record)
                if subject != before:
                    last = 0 if from_first else sequence - 1
                demand(sequence == last + 1 or (sequence > last and not goes_on), "event %d of the log" % index,
                       "is number %d of its subject, after number %d" % (sequence, last))
                before, last = subject, sequence


# ----------------------------------------------------------------------------------------------------------------- salts

def read_salts(path):
    """(subject, sequence) → values, of the file that is handed to the entitled apart from the bundle."""
    salts = {}
    with open(path, "rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(MOST_SALTS + 1), b""), 1):
            where = "salts, line %d" % number
            demand(line.endswith(b"\n"), where, "does not end with a line feed, or is longer than %d bytes" % MOST_SALTS)
            value = canonical(line[:-1], where)
            shaped(value, {"subject": str, "sequence": int, "values": list}, where)
            key = value["subject"], value["sequence"]
            demand(key not in salts, where, "is about an event that another line is about")
            for each in value["values"]:
                shaped(each, {"path": str, "salt": HEX, "value": str}, where)
            salts[key] = value["values"]
    return salts


def text_at(value, path):
    """What stands at a path of members; a member's own name may hold points."""
    members = value.items() if type(value) is dict else enumerate(value) if type(value) is list else ()
    for name, member in members:
        if path == str(name):
            return member
        if path.startswith("%s." % name):
            found = text_at(member, path[len(str(name)) + 1:])
            if found is not None:
                return found
    return None


def open_commitments(event, values, where):
    for each in values:
        found = text_at(event, each["path"])
        text = unicodedata.normalize("NFC", each["value"])
        mac = hmac.new(bytes.fromhex(each["salt"]), each["path"].encode() + b"\0" + text.encode("utf-8", "surrogatepass"), "sha256")
        demand(found == COMMITMENT + mac.hexdigest(), where, "does not commit to the value that salts.jsonl has for %s" % each["path"])


# ----------------------------------------------------------------------------------------------------------------- a bundle

STEPS = {
    "sums": "校验和", "manifest": "清单与文件", "chain": "与上一包的衔接", "signature": "检查点签名", "tiles": "哈希树",
    "previous checkpoint": "上一检查点", "events": "事件记录", "evidence list": "证据清单", "sequences": "事件序号", "proofs": "存在证明",
    "log": "台账所记清单与公钥", "checkpoints": "包外的检查点", "salts": "承诺值",
}


def read_manifest(folder):
    """The manifest and its hash."""
    raw = folder.read("manifest.json", MOST_LIST)
    manifest = canonical(raw, "manifest.json")
    shaped(manifest, MANIFEST, "manifest.json")
    demand(manifest["sequence"] > 0, "manifest.json", "is number 0 of its kind")
    for file in manifest["files"]:
        shaped(file, LISTED_FILE, "manifest.json")
    return manifest, sha256(raw).hex()


class Bundle:
    def __init__(self, path, asked):
        self.path, self.folder, self.asked, self.opened, self.commitments = path, Folder(path), asked, 0, 0
        self.days, self.strangers = None, []

    def check(self, name, *given):
        try:
            return getattr(self, name)(*given)
        except Fault as fault:
            fault.step = name.replace("_", " ")
            raise

    def sums(self):
        self.sum_of, last, written = {}, "", {}
        raw = self.folder.read("SHA256SUMS", MOST_LIST)
        demand(raw.endswith(b"\n"), "SHA256SUMS", "does not end with a line feed")
        for number, line in enumerate(raw[:-1].split(b"\n"), 1):
            match = re.fullmatch("(%s)  (%s)" % (HEX, PATH.pattern), line.decode("ascii", "replace"))
            demand(match is not None, "SHA256SUMS, line %d" % number, "is not a hash, two spaces and a path")
            demand(match.group(2) > last, "SHA256SUMS, line %d" % number, "is not in order, or stands twice")
            last = match.group(2)
            self.sum_of[last] = match.group(1)
            for end in [at for at, each in enumerate(last) if each == "/"] + [len(last)]:
                demand(written.setdefault(last[:end].lower(), last[:end]) == last[:end], last,
                       "has the name of another but for capitals, which is one file on some systems")
        found = set()
        for path in self.folder.paths():
            demand(path in self.sum_of or path == "SHA256SUMS", path, "is a file that SHA256SUMS does not name")
            found.add(path)
        for path in self.sum_of:
            demand(path in found and path != "SHA256SUMS", path, "is missing")
        self.size_of = {}
        for path, wanted in self.sum_of.items():
            self.size_of[path], digest = self.folder.digest(path)
            demand(digest == wanted, path, "is not the file whose hash SHA256SUMS gives")

    def manifest(self):
        where = "manifest.json"
        demand(where in self.sum_of, where, "is missing")
        self.said, self.hash = read_manifest(self.folder)
        said, last, self.paths = self.said, "", []
        for file in said["files"]:
            path = file["path"]
            demand(path > last, path, "is not in order in manifest.json, or stands twice")
            demand(self.sum_of.get(path) == file["sha256"], path, "is not as manifest.json has it, or missing")
            demand(self.size_of[path] == file["bytes"], path, "has not the bytes that manifest.json gives")
            role = next((role for role, pattern in ROLE_OF_PATH if pattern.fullmatch(path)), None)
            demand(role == file["role"], path, "has no place in a bundle, or another role than manifest.json gives")
            last = path
            self.paths.append(path)
        demand(len(self.paths) == len(self.sum_of) - 1, where, "does not name every file")
        for path in (CHECKPOINT, VKEY):
            demand(path in self.sum_of, path, "is missing")
        kind, first, end = said["kind"], said["first"], said["end"]
        demand(first <= end <= said["treeSize"], where, "has a range that is not in its tree")
        demand(is_day(said["from"]) and is_day(said["to"]) and said["from"] <= said["to"], where, "has days that cannot be")
        demand(kind != "day" or said["from"] == said["to"], where, "is a bundle of a day and has several")
        demand(kind != "month" or (said["from"][8:] == "01" and said["to"] == last_of_month(said["from"])), where,
               "is a bundle of a month and has other days than those of one")
        demand(said["origin"].endswith("/" + said["county"]), where, "names the log of another county")
        demand(said["complete"] == (kind in WHOLE_RANGE), where, "is complete, or not, as its kind cannot be")
        demand(said["events"] == end - first if said["complete"] else 0 < said["events"] <= end - first, where,
               "has a number of events that its range cannot have")
        demand(said["bundle"].startswith(kind + "-"), where, "has the name of another kind")
        if kind in PERIODIC:
            demand(said["bundle"] == "%s-%06d" % (kind, said["sequence"]), where, "has a name that is not that of its sequence")
            demand(said["sequence"] > 1 or first == 0, where, "is the first of its kind and does not begin with the log")
        demand((said["sequence"] == 1) == (said["previous"] == NO_PREVIOUS), where,
               "names a manifest before it, or none, as its sequence cannot")
        self.has_previous = PREVIOUS in self.sum_of
        demand(not self.has_previous or said["sequence"] > 1, PREVIOUS, "belongs to no first bundle")
        demand(self.has_previous or said["sequence"] == 1 or kind not in PERIODIC, PREVIOUS, "is missing")
        for path in self.paths:
            if said["complete"]:
                demand(not PROOF.fullmatch(path), path, "belongs to no complete bundle")
            else:
                demand(path != PREVIOUS and not TILE_PATH.fullmatch(path), path, "belongs to a complete bundle")

    def chain(self, before):
        """That it goes on where the bundle before it ends, of which the manifest, its hash and the bytes of the checkpoint are given."""
        said, where = self.said, "manifest.json"
        manifest, digest, checkpoint = before
        for name in ("county", "kind", "origin"):
            demand(said[name] == manifest[name], where, "has another %s than the bundle before it" % name)
        demand(said["sequence"] == manifest["sequence"] + 1, where,
               "is number %d, and the bundle given as the one before it is number %d" % (said["sequence"], manifest["sequence"]))
        demand(said["previous"] == digest, where, "names another manifest before it than that of the bundle before it (%s)" % digest)
        demand(said["kind"] not in PERIODIC or said["first"] == manifest["end"], where,
               "begins at %d, and the bundle before it ends at %d" % (said["first"], manifest["end"]))
        demand(said["kind"] not in PERIODIC or (is_day(manifest["to"]) and said["from"] == day_after(manifest["to"])), where,
               "does not begin on the day after those of the bundle before it")
        demand(said["kind"] not in PERIODIC or said["treeSize"] >= manifest["treeSize"], where, "has a smaller tree than the bundle before it")
        if self.has_previous:
            own = Checkpoint(self.folder.read(PREVIOUS, MOST_NOTE), PREVIOUS)
            demand(own.text == Checkpoint(checkpoint, "the bundle before: " + CHECKPOINT).text, PREVIOUS,
                   "is not the checkpoint of the bundle before it")

    def signature(self):
        said, where = self.said, CHECKPOINT
        self.checkpoint = Checkpoint(self.folder.read(CHECKPOINT, MOST_NOTE), where)
        demand(self.checkpoint.origin == said["origin"], where, "is of another log than manifest.json says")
        demand(self.checkpoint.size == said["treeSize"], where, "has another size than manifest.json says")
        demand(self.checkpoint.root.hex() == said["root"], where, "has another root than manifest.json says")
        raw = self.folder.read(VKEY, MOST_NOTE)
        demand(raw.endswith(b"\n"), VKEY, "does not end with a line feed")
        own = [Key(line.decode("utf-8", "replace"), VKEY) for line in raw[:-1].split(b"\n")]
        names = {key.text for key in own}
        demand([key.text for key in own] == sorted(names), VKEY, "names keys twice or not in order")
        demand(all(key.name == said["origin"] and key.kind == SIGNED_BY for key in own), VKEY, "names a key of another log")
        self.keys = own + [key for key in self.asked.keys if key.text not in names]
        signed = self.checkpoint.signed_by(self.keys)
        trusted = {key.text for key in self.asked.keys or own}
        self.signers = signed & trusted
        demand(self.signers, where, "is signed by none of the keys that were given")
        demand(all(text in names for text in signed), VKEY, "does not name a key that signed")
        if self.has_previous:
            before = Checkpoint(self.folder.read(PREVIOUS, MOST_NOTE), PREVIOUS).signed_by(self.keys)
            signed |= before
            self.strangers = [] if before & trusted else sorted(before)
        demand(names <= signed, VKEY, "names a key that signed nothing here")
        for witness in self.asked.witnesses:
            demand(self.checkpoint.signed_by([witness]), where, "is not cosigned by %s" % witness.name)
        for path in self.paths:
            if TIMESTAMP.fullmatch(path):
                stamped = stamped_hash(self.folder.read(path, MOST_NOTE), path)
                demand(stamped == sha256(self.checkpoint.raw), path, "is about something else than %s" % CHECKPOINT)

    def tiles(self):
        if self.said["complete"]:
            said, paths = self.said, [path for path in self.paths if TILE_PATH.fullmatch(path)]
            self.previous = Checkpoint(self.folder.read(PREVIOUS, MOST_NOTE), PREVIOUS) if self.has_previous else None
            self.tree = Tiles(self.folder, said["treeSize"], paths)
            self.tree.demand_exactly(said["first"], said["end"], self.previous.size if self.previous else 0)
            self.tree.check(self.checkpoint.root)

    def previous_checkpoint(self):
        if self.has_previous:
            previous = self.previous
            demand(previous.origin == self.said["origin"], PREVIOUS, "is of another log")
            demand(previous.signed_by(self.keys), PREVIOUS, "is signed by none of the keys; give the one of its time as a further --vkey")
            demand(previous.size <= self.said["treeSize"], PREVIOUS, "is larger than the checkpoint")
            demand(self.said["kind"] not in PERIODIC or previous.size >= self.said["first"], PREVIOUS, "does not hold what came before")
            demand(self.tree.root(previous.size) == previous.root, PREVIOUS,
                   "is not an earlier state of the checkpoint: the log was forked or rewritten")

    def events(self, sequences, log):
        said = self.said
        latest = instant_in(day_after(said["to"]), LATEST)
        # Where the checkpoint before holds more, the bundle before ends at the first event from its closing on.
        is_cut = said["kind"] == "day" and self.has_previous and self.previous.size > said["first"]
        soonest = instant_in(said["from"], SOONEST) if is_cut else ""
        first, end, count = said["first"], said["end"], 0
        seen = bytearray((end - first + 7) // 8 if said["complete"] else 0)  # bounded by the tiles, which are there
        self.leaves, ranges = {}, {}
        self.large = {LARGE.fullmatch(path).group(1): path for path in self.paths if LARGE.fullmatch(path)}
        self.unnamed, self.evidence = set(self.large), Records()
        for path in self.paths:
            match = EVENTS.fullmatch(path)
            if match is None:
                continue
            _, colour, day, number = match.groups()
            demand(match.group(1) == said["county"] and number != "000000", path, "is not a file of this bundle")
            before = None
            for at, line in enumerate(self.folder.gz_lines(path), 1):
                where = "%s, line %d" % (path, at)
                event = canonical(line, where)
                shaped(event, EVENT, where)
                index = event["index"]
                demand(first <= index < end, where, "has an index outside of the bundle (%d)" % index)
                demand(before is None or index > before, where, "is not in order")
                demand(event["county"] == said["county"] and event["colour"] == colour and day_of(event["at"], where) == day, where,
                       "belongs to another file by its county, colour or day")
                demand(event["id"] == "%s:%d" % (event["subject"], event["sequence"]), where, "has an id that is not subject and sequence")
                demand(event["sequence"] > 0 and event["schema"] > 0, where, "has a sequence or a schema of 0")
                demand(not said["complete"] or index != said["end"] - 1 or event["at"] < latest, where, "is of %s, after the days of the bundle" % event["at"])
                demand(index != first or event["at"] >= soonest, where, "is of %s, before the day of the bundle" % event["at"])
                self.days = (min(self.days[0], day), max(self.days[1], day)) if self.days else (day, day)
                leaf = leaf_of(line)
                if said["complete"]:
                    byte, bit = divmod(index - first, 8)
                    demand(not seen[byte] >> bit & 1, where, "has the index of another event (%d)" % index)
                    seen[byte] |= 1 << bit
                    demand(self.tree.hash(0, index) == leaf, where, "is not the event that was sealed at index %d" % index)
                else:
                    demand(index not in self.leaves, where, "has the index of another event (%d)" % index)
                    demand(count < said["events"], where, "is one event more than manifest.json says")
                    self.leaves[index] = leaf
                low, high, of_slice = ranges.get(number or "000000", (index, index, 0))
                ranges[number or "000000"] = min(low, index), max(high, index), of_slice + 1
                count, before = count + 1, index
                sequences.add(event["subject"], index, event["sequence"])
                log.add(event)
                closed = log.closings.get((said["kind"], said["sequence"] - 1), said["previous"])
                demand(closed == said["previous"], "manifest.json", "names another manifest before it than the log (%s)" % where)
                self.data(event, line, where)
            demand(before is not None, path, "holds no event")
        demand(count == said["events"], "manifest.json", "says %d events, and there are %d" % (said["events"], count))
        demand(not self.unnamed, self.large.get(min(self.unnamed, default="")), "is named by no event")
        slices = sorted(ranges)
        demand(slices == ["%06d" % at for at in range(len(slices))], "manifest.json", "has slices that are not numbered 0, 1, 2 …")
        demand(all(of_slice <= SLICE for _, _, of_slice in ranges.values()), "manifest.json", "has a slice of more than %d events" % SLICE)
        for one, next_one in zip(slices, slices[1:]):
            demand(ranges[one][1] < ranges[next_one][0], "manifest.json", "has slices %s and %s that overlap" % (one, next_one))

    def data(self, event, line, where):
        """What stands beside the entry: data that is too long for it, evidence, and personal data of which salts were given."""
        sealed = event["data"]
        named = sealed.get("large")
        if len(sealed) == 1 and type(named) is dict and set(named) == {"bytes", "sha256"} and is_hash(named["sha256"]) \
                and is_count(named["bytes"]):
            path = self.large.get(named["sha256"])
            demand(path is not None, where, "has data that is missing (large/%s.json)" % named["sha256"])
            self.unnamed.discard(named["sha256"])
            demand(self.sum_of[path] == named["sha256"] and self.size_of[path] == named["bytes"], path, "is not the data that was sealed")
            event = dict(event, data=canonical(self.folder.read(path, MOST_LARGE), path))
        names = texts_of(event["data"]) if b'"evidence/' in line or event["data"] is not sealed else ()
        for key in {text for text in names if EVIDENCE_KEY.fullmatch(text)}:
            self.evidence.add(sha256(b"%d %s" % (event["index"], key.encode())))
        values = self.asked.salts.pop((event["subject"], event["sequence"]), None)
        if self.asked.opens:
            self.commitments += ENCODER.encode(event).count('"' + COMMITMENT)
        if values is not None:
            open_commitments(event, values, where)
            self.opened += len(values)

    def evidence_list(self):
        """evidence.jsonl names what the events name, each once; the size is all that it says by itself."""
        listed, last = Records(), (-1, "")
        if EVIDENCE in self.sum_of:
            with self.folder.open(EVIDENCE) as file:
                for number, raw in enumerate(iter(lambda: file.readline(MOST_LINE), b""), 1):
                    where = "%s, line %d" % (EVIDENCE, number)
                    demand(raw.endswith(b"\n"), where, "does not end with a line feed")
                    line = canonical(raw[:-1], where)
                    size = {"size": int} if type(line) is dict and "size" in line else {}
                    shaped(line, dict({"index": int, "key": EVIDENCE_KEY.pattern, "sha256": HEX}, **size), where)
                    demand(EVIDENCE_KEY.fullmatch(line["key"]).group(1) == line["sha256"], where, "has another hash than its key")
                    demand((line["index"], line["key"]) > last, where, "is not in order, or stands twice")
                    last = line["index"], line["key"]
                    listed.add(sha256(b"%d %s" % (line["index"], line["key"].encode())))
        for named, found in zip(self.evidence.sorted_parts(), listed.sorted_parts()):
            demand(named == found, EVIDENCE, "does not name what the events name")

    def proofs(self):
        proofs = {int(PROOF.fullmatch(path).group(1)): path for path in self.paths if PROOF.fullmatch(path)}
        for index, path in proofs.items():
            demand(index in self.leaves, path, "is about an event that is not in the bundle")
        for index, leaf in self.leaves.items():
            path = "proofs/%d.tlog-proof" % index
            demand(index in proofs, path, "is missing")
            head, _, checkpoint = self.folder.read(path, 2 * MOST_NOTE).partition(b"\n\n")
            lines = head.decode("ascii", "replace").split("\n")
            demand(lines[:2] == ["c2sp.org/tlog-proof@v1", "index %d" % index], path, "is not a proof of event %d" % index)
            hashes = [base64_of(line, path) for line in lines[2:]]
            demand(len(hashes) < 64 and all(len(each) == 32 for each in hashes), path, "has lines that are not hashes")
            demand(checkpoint == self.checkpoint.raw, path, "has another checkpoint than the bundle")
            demand(root_by_proof(index, self.said["treeSize"], leaf, hashes, path) == self.checkpoint.root, path,
                   "does not lead to the signed root")


    def forget(self):
        """What was only needed to verify it, so that a series takes no more memory than its largest bundle."""
        self.said, self.paths, self.sum_of, self.size_of, self.leaves = dict(self.said, files=[]), [], {}, {}, {}
        if self.said["complete"]:
            self.tree.cache.cache_clear()

    def sentences(self, log):
        said = self.said
        after = said["treeSize"] - said["end"]
        dated = "dated %s" % " to ".join(sorted(set(self.days))) if self.days else "none"
        yield "%s of %s (as it says, %s to %s): %d events (%s), at [%d, %d) of the log %s, in a tree of %d with the root %s." % (
            said["bundle"], said["county"], said["from"], said["to"], said["events"], dated, said["first"], said["end"], said["origin"],
            said["treeSize"], said["root"])
        if said["complete"] and after > 0:
            yield "  %d sealed events after its end are not shown. 其末位之后另有 %d 条已封存事件不在本包。" % (after, after)
        yield "  Its manifest has the SHA-256 %s; %s" % (self.hash, "the log has it, too. 日志所记清单一致。" if (
            said["kind"], said["sequence"]) in log.closings else "whether the log has it, the bundle of the day after it was closed shows "
            "(--closed-by). 日志是否记有此清单，见关闭次日的日导出包。")
        for key in self.strangers:
            yield "  %s is signed by %s, which was not given: its root is that of the tree, whoever signed it." % (PREVIOUS, key)
        if self.asked.opens:
            yield "  %d of %d commitments opened." % (self.opened, self.commitments)


def texts_of(value):
    if type(value) is str:
        yield value
    elif type(value) in (list, dict):
        for each in value if type(value) is list else value.values():
            yield from texts_of(each)


def is_hash(value):
    return type(value) is str and re.fullmatch(HEX, value) is not None


def is_count(value):
    return type(value) is int and value >= 0


def is_day(text):
    try:
        return datetime.strptime(text, "%Y-%m-%d").strftime("%Y-%m-%d") == text
    except ValueError:
        return False


def day_after(day):
    return (datetime.strptime(day, "%Y-%m-%d") + timedelta(days=1)).strftime("%Y-%m-%d")


def last_of_month(day):
    """The last day of a day's month."""
    next_month = datetime.strptime(day[:8] + "28", "%Y-%m-%d") + timedelta(days=4)
    return (next_month - timedelta(days=next_month.day)).strftime("%Y-%m-%d")


def instant_in(day, later):
    """The instant of UTC so long after the midnight with which a day of the zone begins."""
    return (datetime.strptime(day, "%Y-%m-%d") - ZONE + later).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@functools.lru_cache(maxsize=4096)
def day_at(minute):
    """The day of the zone on which a minute of UTC falls, or None if there is no such minute."""
    try:
        return (datetime.strptime(minute, "%Y-%m-%dT%H:%M") + ZONE).strftime("%Y-%m-%d")
    except (ValueError, OverflowError):
        return None


def day_of(at, where):
    day = day_at(at[:16])
    demand(day is not None and at[17:19] < "60" and re.fullmatch(DAY, day), where, "has a time that there is not")
    return day


# ------------------------------------------------------------------------------------------------------------- one or a series

class Asked:
    """What the caller gives beside the bundles."""

    def __init__(self, keys=(), witnesses=(), salts=None):
        self.keys = [Key(text, "--vkey") for text in keys]
        self.witnesses = [Key(text, "--witness") for text in witnesses]
        demand(all(key.kind == SIGNED_BY for key in self.keys), "--vkey", "is the key of a witness")
        demand(all(key.kind == COSIGNED_BY for key in self.witnesses), "--witness", "is not the key of a witness")
        self.salts, self.opens = dict(salts or {}), salts is not None


class Log:
    """What the events say of the log itself: the manifests of closed bundles, and which sizes a key signs."""

    def __init__(self):
        self.closings, self.since, self.until = {}, {}, {}

    def add(self, event):
        kind, data = event["type"], event["data"]
        if kind == "ExportClosed" and type(data.get("kind")) is str and is_count(data.get("sequence")) and is_hash(data.get("manifest")):
            self.closings[data["kind"], data["sequence"]] = data["manifest"]
        if event["subject"] == "LOG" and type(data.get("vkey")) is str:
            if kind == "SealingKeyAdopted" and is_count(data.get("since")):
                self.since[data["vkey"]] = min(data["since"], self.since.get(data["vkey"], LARGEST))
            if kind == "SealingKeyRetired" and is_count(data.get("until")):
                self.until[data["vkey"]] = min(data["until"], self.until.get(data["vkey"], LARGEST))

    def signs(self, key, size):
        return self.since.get(key, 0) <= size <= self.until.get(key, LARGEST)


class Head:
    """A size and a root from elsewhere, that the log has to have had."""

    def __init__(self, where, size, root, checkpoint=None):
        self.where, self.size, self.root, self.checkpoint = where, size, root, checkpoint

    def check(self, bundles):
        if self.checkpoint is not None:
            demand(self.checkpoint.origin == bundles[0].said["origin"], self.where, "is of another log")
            keys = {key.text: key for each in bundles for key in each.asked.keys or each.keys if key.name == self.checkpoint.origin}
            demand(self.checkpoint.signed_by(keys.values()), self.where, "is signed by none of the log's keys that were given")
        for bundle in bundles:
            own = bundle.checkpoint
            if self.size == own.size or (bundle.said["complete"] and bundle.tree.holds(self.size)):
                root = own.root if self.size == own.size else bundle.tree.root(self.size)
                demand(root == self.root, self.where, "is not a state of the log of %d events: it was forked or rewritten" % own.size)
                return
        raise Fault(self.where, "is of %d events, of which no bundle given has the tiles: add the one that ends there, or a later one" % self.size)


def heads_of(checkpoints, roots):
    heads = []
    for path in checkpoints:
        with open(path, "rb") as file:
            raw = file.read(MOST_NOTE + 1)
        demand(len(raw) <= MOST_NOTE, path, "is longer than %d bytes" % MOST_NOTE)
        checkpoint = Checkpoint(raw, path)
        heads.append(Head(path, checkpoint.size, checkpoint.root, checkpoint))
    for text in roots:
        match = re.fullmatch("(0|[1-9][0-9]{0,15}):(%s)" % HEX, text)
        demand(match is not None, "--root", "is not SIZE:HEX")
        heads.append(Head("the root of %s" % match.group(1), int(match.group(1)), bytes.fromhex(match.group(2))))
    return heads


def at_step(step, check, *given):
    try:
        return check(*given)
    except Fault as fault:
        fault.step = step
        raise


def head_of(path):
    """Of a bundle that stands before another: its manifest without files, the hash of it, and the bytes of its checkpoint. Who signed
    that is not asked again, as the key may be retired since: it was when that bundle was verified, and its manifest has its hash."""
    folder = Folder(path)
    manifest, digest = read_manifest(folder)
    checkpoint = folder.read(CHECKPOINT, MOST_NOTE)
    listed = {"path": CHECKPOINT, "sha256": sha256(checkpoint).hex()}
    demand(any(listed.items() <= file.items() for file in manifest["files"]), CHECKPOINT, "is not as the manifest of the bundle before has it")
    return dict(manifest, files=[]), digest, checkpoint


def verify_series(paths, asked, log, previous=None):
    """Verifies bundles of one kind that follow each other, and gives them, or raises the first fault."""
    if len(paths) > 1:
        paths = sorted(paths, key=lambda path: at_step("manifest", read_manifest, Folder(path))[0]["sequence"])
    bundles = []
    before = None if previous is None else at_step("chain", head_of, previous)
    sequences, from_first = Sequences(), False
    for place, path in enumerate(paths):
        bundle = Bundle(path, asked)
        try:
            bundle.check("sums")
            bundle.check("manifest")
            said = bundle.said
            if before is not None:
                bundle.check("chain", before)
            bundle.check("signature")
            bundle.check("tiles")
            bundle.check("previous_checkpoint")
            bundle.check("events", sequences, log)
            bundle.check("evidence_list")
            if place == 0:
                from_first = said["complete"] and said["first"] == 0
            if said["kind"] not in PERIODIC:
                at_step("sequences", sequences.check, said["complete"] and said["first"] == 0, said["complete"])
                sequences = Sequences()
            if not said["complete"]:
                bundle.check("proofs")
        except Fault as fault:
            if len(paths) > 1:
                fault.args = ("%s/%s" % (path.rstrip("/"), fault),)
            raise
        bundle.forget()
        before = bundle.said, bundle.hash, bundle.checkpoint.raw
        bundles.append(bundle)
    at_step("sequences", sequences.check, from_first)
    return bundles


def check_log(bundles, closers, log):
    """What the log says of the bundles: their manifests, and the keys that signed their heads."""
    for bundle in bundles + closers:
        said, name = bundle.said, bundle.said["bundle"]
        demand((said["county"], said["origin"]) == (bundles[0].said["county"], bundles[0].said["origin"]), name, "is of another log")
        logged = log.closings.get((said["kind"], said["sequence"]))
        demand(logged in (None, bundle.hash), "manifest.json of %s" % name, "has another hash than the log has (%s)" % logged)
        demand(logged or not closers or bundle in closers, "manifest.json of %s" % name, "is in none of the bundles that --closed-by names")
        demand(any(log.signs(key, said["treeSize"]) for key in bundle.signers), "%s of %s" % (CHECKPOINT, name),
               "is of %d events, and signed by keys alone that by the log itself sign no such size" % said["treeSize"])


def verify(paths, asked, previous=None, closed_by=(), heads=()):
    """Verifies bundles of one kind that follow each other, and what was given beside them. Gives what is to be said, or raises the first fault."""
    log = Log()
    bundles = verify_series(paths, asked, log, previous)
    apart = Asked([key.text for key in asked.keys])
    closers = [bundle for path in closed_by for bundle in verify_series([path], apart, log)]
    at_step("log", check_log, bundles, closers, log)
    for head in heads:
        at_step("checkpoints", head.check, bundles + closers)
    at_step("salts", demand, not asked.salts, "salts.jsonl", "is about events that are not in the bundle")
    return [sentence for bundle in bundles for sentence in bundle.sentences(log)] + [
        "%s: the log had this root. 与日志一致。" % head.where for head in heads] + verdict_of(bundles, asked)


def verdict_of(bundles, asked):
    if not asked.keys:
        return ["WARNING: no --vkey was given, so the key was taken from the bundle itself. THIS PROVES NOTHING ABOUT WHO SIGNED IT.",
                "警告：未提供 --vkey，公钥取自导出包本身，不能证明由谁签名。请用公告或县官网公布的公钥重新验证。",
                "Yes, but for who signed: the bundle is consistent with itself. 除签名人外，核对一致。"]
    if bundles[0].said["complete"]:
        return ["Complete in places of the log, not in days: what was sealed later, or after the end, is not in it. "
                "完整指日志位次无遗漏，不指日期齐全：较晚封存的事件不在其中。",
                "Yes: every event is in the log that the key signed, unchanged, and no place within is left out. 验证通过。"]
    return ["It cannot show whether these are all events that it is about: only complete bundles (day, month, range) of the places can. "
            "本包不能证明没有遗漏。",
            "Yes: each event is in the log that the key signed, unchanged, by a proof of its own. 验证通过。"]


def shown(text):
    """A sentence that cannot play with the terminal."""
    return "".join(each if each.isprintable() else "?" for each in text)[:2000]


def main(arguments):
    parser = argparse.ArgumentParser(description="Verifies bundles of format %s. 验证封存台账导出包。" % FORMAT)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--vkey", action="append", default=[], metavar="KEY", help="verifier key of the log, from outside the bundle")
    parser.add_argument("--witness", action="append", default=[], metavar="KEY", help="verifier key of a witness that has to have cosigned")
    parser.add_argument("--previous", metavar="FOLDER", help="the bundle before")
    parser.add_argument("--closed-by", action="append", default=[], metavar="FOLDER", help="a complete bundle that holds the closing of it")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="FILE", help="a checkpoint of the log, kept elsewhere")
    parser.add_argument("--root", action="append", default=[], metavar="SIZE:HEX", help="a root of the log, as it was published")
    parser.add_argument("--salts", metavar="FILE", help="salts.jsonl, as handed to you apart from the bundle")
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    for folder in given.folders + ([given.previous] if given.previous else []) + given.closed_by:
        if not os.path.isdir(folder):
            parser.error("%s is not a folder" % folder)
    for file in ([given.salts] if given.salts else []) + given.checkpoint:
        if not os.path.isfile(file):
            parser.error("%s is not a file" % file)
    try:
        keys = Asked(given.vkey, given.witness)
        heads_of([], given.root)
    except Fault as fault:
        parser.error(str(fault))
    try:
        asked = keys if given.salts is None else Asked(given.vkey, given.witness, at_step("salts", read_salts, given.salts))
        heads = at_step("checkpoints", heads_of, given.checkpoint, given.root)
        sentences = verify(given.folders, asked, given.previous, given.closed_by, heads)
    except Fault as fault:
        print(shown("No. %s" % fault))
        print(shown("不通过：%s。" % STEPS.get(fault.step, "格式")))
        return 1
    except OSError as error:
        print(shown("No. %s cannot be read (%s)." % (error.filename, error.strerror)))
        print("不通过：无法读取。")
        return 1
    for sentence in sentences:
        print(shown(sentence))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

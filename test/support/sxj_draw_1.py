"""sxj-draw-1, a second time.

This program was written from the text of the algorithm alone (engineering reference, section 4), without
sight of the first implementation. Two programs that agree to the byte are evidence that the text, not one
program, decides who is visited. It needs Python 3.10 or later and nothing else.

    python3 sxj_draw_1.py draw FOLDER        checks one revealed bundle and draws it again
    python3 sxj_draw_1.py draws FOLDER...    checks bundles of one authority as a series: numbers, chain, periods
    python3 sxj_draw_1.py replay             reads cases as JSON lines, writes results as JSON lines
    python3 sxj_draw_1.py selftest           proves the program with public vectors

Exit code 0: it holds. 1: refused, with a sentence that says why. 2: the call itself was wrong.

Left out on purpose, and said so in the sentence of each check:
- the BLS signature of a drand value (only its form and H(signature) = randomness are checked): ask a drand client.
Proofs of the log (*.tlog-proof) belong to another section of the text; until it is written here they are refused.

"Reading:" marks a place where the text leaves a choice, and says which one was taken.
"""

import hashlib
import heapq
import hmac
import json
import math
import re
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path

ALGORITHM = "sxj-draw-1"
ZEROS = "0" * 64
DAY_SECONDS = 86_400
LARGEST = 2**53 - 1
MIN_OUTCOMES = 2**24  # 24 bits, counted as outcomes: whole numbers do not round

# The one drand chain that the text knows. Without this check an announcement could name the chain with a
# wrong genesis, so that its round is one that everybody has already seen.
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
QUICKNET_GENESIS, QUICKNET_PERIOD = 1692803367, 3
# The modulus of the field that coordinates of BLS12-381 are in.
BLS_MODULUS = int("1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab", 16)


class Refused(Exception):
    """The input breaks a rule; the message is a sentence for a person."""


def demand(condition, sentence):
    if not condition:
        raise Refused(sentence)


# ---------------------------------------------------------------------------------------------- notation (4.2)

def sha256(data):
    return hashlib.sha256(data).digest()


def mac(key, message):
    return hmac.digest(key, message, "sha256")


def canonical(value):
    """RFC 8785 bytes. json.dumps already escapes strings as the RFC asks; only the order of members differs
    (by UTF-16 units, not by code points), so members are sorted before."""
    def prepared(v, depth):
        demand(depth < 64, "JSON is nested too deeply.")
        if v is None or type(v) in (bool, str):
            return v
        if type(v) is int:
            demand(abs(v) <= LARGEST, f"The integer {v} is beyond 2^53 - 1.")
            return v
        if type(v) is list:
            return [prepared(each, depth + 1) for each in v]
        demand(type(v) is dict, "JSON holds something other than objects, arrays, strings, integers, true, false, null.")
        by_units = sorted(v, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return {name: prepared(v[name], depth + 1) for name in by_units}

    text = json.dumps(prepared(value, 0), ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("A JSON string holds half a surrogate pair.") from None


def parse_json(text, where):
    """Any JSON text of the subset, canonical or not. Python is more generous than the RFC, hence the hooks."""
    def no_duplicates(pairs):
        demand(len({name for name, _ in pairs}) == len(pairs), f"{where}: a member stands twice.")
        return dict(pairs)

    def no_fraction(literal):
        raise Refused(f"{where}: {literal} is not an integer.")

    try:
        return json.loads(text, object_pairs_hook=no_duplicates, parse_float=no_fraction, parse_constant=no_fraction)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{where}: not JSON ({error}).") from None


def parse_canonical(data, where):
    try:
        value = parse_json(data.decode("utf-8"), where)
    except UnicodeDecodeError:
        raise Refused(f"{where}: not UTF-8.") from None
    # Writing it again and comparing is the shortest complete test: it also finds blanks, a final newline,
    # "-0", needless escapes and a wrong order of members.
    demand(canonical(value) == data, f"{where}: not the canonical bytes (RFC 8785).")
    return value


def real_day(text):
    """Reading: years 0001-9999, proleptic Gregorian; the year 0000 is not a real date."""
    try:
        date(int(text[0:4]), int(text[5:7]), int(text[8:10]))
        return True
    except ValueError:
        return False


def seconds(instant):
    """Seconds since 1970 of a checked INSTANT."""
    moment = datetime.strptime(instant, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    return int((moment - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds())


ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
HEX = re.compile(r"[0-9a-f]{64}")
SIGNATURE = re.compile(r"[0-9a-f]{96}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Reading: no leap second; 23:59:60 is refused.
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")
# Kinds of this project have periods with one name each; under a second name a period could be drawn twice.
DATED_KIND = re.compile(r"RANDOM\..*|SPECIAL|EXPERT|COMPREHENSIVE")
PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]|01_02|03_04|05_06|07_08|09_10|11_12|Q[1-4]))?")
UINT = re.compile(r"0|[1-9][0-9]*")


def text_of(value, pattern, where, what):
    good = type(value) is str and pattern.fullmatch(value) is not None
    if good and pattern in (DAY, INSTANT):
        good = real_day(value)
    demand(good, f"{where}: {value!r} is not {what}.")
    return value


def integer(value, low, high, where):
    # type() and not isinstance(): for Python True is an int, for JSON it is not.
    demand(type(value) is int and low <= value <= high, f"{where}: {value!r} is not an integer from {low} to {high}.")
    return value


def array(value, low, high, where):
    demand(type(value) is list and low <= len(value) <= high, f"{where}: not an array of {low} to {high} entries.")
    return value


def members(value, names, where):
    demand(type(value) is dict, f"{where}: not an object.")
    wanted = set(names.split())
    missing, foreign = sorted(wanted - set(value)), sorted(set(value) - wanted)
    demand(not missing, f"{where}: member {', '.join(missing)} is missing.")
    demand(not foreign, f"{where}: unknown member {', '.join(foreign)}.")
    return value


def ascending(values, where):
    demand(all(a < b for a, b in zip(values, values[1:])), f"{where}: not strictly ascending.")
    return values


def day_list(value, where):
    days = array(value, 0, LARGEST, where)
    for day in days:
        text_of(day, DAY, where, "a real day YYYY-MM-DD")
    return ascending(days, where)


# ------------------------------------------------------------------------------------------- roster files (4.3)

@dataclass(frozen=True)
class Object:
    stratum: str
    id: str
    weight: int
    skill: str


@dataclass(frozen=True)
class Inspector:
    id: str
    role: str
    capacity: int
    skills: frozenset  # holds "*" when the inspector has every skill
    absent: frozenset


class Rosters:
    """The four files, parsed, with the look-ups that the draw needs."""

    def __init__(self, objects, inspectors, recusals, items):
        self.strata = defaultdict(list)
        self.objects = {}
        for each in objects:
            demand(each.id not in self.objects, f"objects.tsv: {each.id} stands in more than one line.")
            self.objects[each.id] = each
            self.strata[each.stratum].append(each)
        self.inspectors = {}
        for each in inspectors:
            demand(each.id not in self.inspectors, f"inspectors.tsv: {each.id} stands in more than one line.")
            self.inspectors[each.id] = each
        self.recused = defaultdict(set)
        for inspector, object_id in recusals:
            demand(inspector in self.inspectors, f"recusals.tsv: inspector {inspector} is not in inspectors.tsv.")
            demand(object_id in self.objects, f"recusals.tsv: object {object_id} is not in objects.tsv.")
            self.recused[object_id].add(inspector)
        self.items = defaultdict(list)
        for stratum, item in items:
            self.items[stratum].append(item)
        self._able = {}

    def able(self, role, skill):
        """Inspectors that have the role and the skill and can take a task at all. Capacity 0 never gets one, so
        leaving it out here serves both the feasibility of 4.4 and the teams of 4.8."""
        if (role, skill) not in self._able:
            self._able[role, skill] = frozenset(
                each.id for each in self.inspectors.values()
                if each.role == role and each.capacity >= 1
                and (skill == "-" or "*" in each.skills or skill in each.skills))
        return self._able[role, skill]


def table(data, columns, name):
    """The columns of each line. Comparing lines without their LF is the same as with it: one line can only be
    a prefix of another inside its last column, and every character allowed there is greater than LF."""
    if data == b"":
        return []
    demand(data.isascii(), f"{name}: not ASCII.")
    demand(data.endswith(b"\n"), f"{name}: the last line does not end with LF.")
    lines = data[:-1].decode("ascii").split("\n")
    rows = []
    for number, line in enumerate(lines, 1):
        row = line.split("\t")
        demand(len(row) == columns, f"{name} line {number}: {len(row)} columns, not {columns}.")
        demand(number == 1 or lines[number - 2] < line, f"{name} line {number}: lines are not strictly ascending.")
        rows.append((f"{name} line {number}", row))
    return rows


def id_of(text, where):
    return text_of(text, ID, where, "an ID")


def uint(text, low, high, where):
    text_of(text, UINT, where, "a decimal number without leading zeros")
    # The length first: Python refuses to read numbers of thousands of digits.
    demand(len(text) <= 16, f"{where}: {text[:20]}... is too large.")
    return integer(int(text), low, high, where)


def joined(text, where, pattern, what):
    """Entries joined by a comma, strictly ascending; "-" for none."""
    if text == "-":
        return frozenset()
    entries = [text_of(each, pattern, where, what) for each in text.split(",")]
    return frozenset(ascending(entries, where))


def read_objects(data):
    return [Object(id_of(r[0], at), id_of(r[1], at), uint(r[2], 1, 100, at), r[3] if r[3] == "-" else id_of(r[3], at))
            for at, r in table(data, 4, "objects.tsv")]


def read_inspectors(data):
    return [Inspector(id_of(r[0], at), id_of(r[1], at), uint(r[2], 0, 10_000, at),
                      frozenset("*") if r[3] == "*" else joined(r[3], at, ID, "an ID"),
                      joined(r[4], at, DAY, "a real day YYYY-MM-DD"))
            for at, r in table(data, 5, "inspectors.tsv")]


def read_recusals(data):
    return [(id_of(r[0], at), id_of(r[1], at)) for at, r in table(data, 2, "recusals.tsv")]


def read_items(data):
    return [(id_of(r[0], at), id_of(r[1], at)) for at, r in table(data, 2, "items.tsv")]


READERS = {"inspectors": read_inspectors, "items": read_items, "objects": read_objects, "recusals": read_recusals}


def tree_root(leaves):
    """RFC 6962, section 2.1. Built upwards in pairs, an odd last node moving up as it is, which gives the
    same tree as the text's split at the largest power of two. No leaves: the hash of nothing."""
    level = [sha256(b"\x00" + leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [sha256(b"\x01" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2:]
    return level[0] if level else sha256(b"")


# -------------------------------------------------------------------------------- announcement (4.4), forms of 4.5

@dataclass(frozen=True)
class Announcement:
    value: dict
    hash: str  # hex H(announcement.json)

    def __getitem__(self, name):
        return self.value[name]

    @property
    def draw_id(self):
        return f"{self['authority']}:{self['number']:06d}"


def check_announcement(value):
    """All rules that need no other file."""
    at = "announcement.json"
    members(value, "algorithm authority number previous kind period announcedAt drawAt revealBy asOf policy software "
                   "strata days perDay files sources commitment", at)
    demand(value["algorithm"] == ALGORITHM, f"{at}: algorithm is not {ALGORITHM}.")
    for name in ("authority", "kind", "period"):
        text_of(value[name], ID, f"{at} {name}", "an ID")
    demand(len(value["authority"]) <= 32, f"{at} authority: longer than 32 characters.")
    demand(not DATED_KIND.fullmatch(value["kind"]) or PERIOD.fullmatch(value["period"]),
           f"{at} period: not a year, a quarter, two months or a month.")
    integer(value["number"], 1, 999_999, f"{at} number")
    for name in ("previous", "policy", "software"):
        text_of(value[name], HEX, f"{at} {name}", "64 lower-case hex digits")
    demand((value["previous"] == ZEROS) == (value["number"] == 1),
           f"{at} previous: must be 64 zeros for number 1 and only for number 1.")
    for name in ("announcedAt", "drawAt", "revealBy"):
        text_of(value[name], INSTANT, f"{at} {name}", "an instant YYYY-MM-DDThh:mm:ssZ")
    announced, draw = seconds(value["announcedAt"]), seconds(value["drawAt"])
    demand(draw >= announced + DAY_SECONDS, f"{at} drawAt: less than 24 hours after announcedAt.")
    demand(seconds(value["revealBy"]) > draw, f"{at} revealBy: not after drawAt.")
    integer(value["asOf"], 0, LARGEST, f"{at} asOf")
    check_strata(value["strata"], at)
    day_list(value["days"], f"{at} days")
    # Reading: perDay must be 1-1,000 even when days is empty and it means nothing.
    integer(value["perDay"], 1, 1_000, f"{at} perDay")
    members(value["files"], "inspectors items objects recusals", f"{at} files")
    for name, file in value["files"].items():
        where = f"{at} files.{name}"
        members(file, "lines root sha256" if name == "objects" else "lines sha256", where)
        integer(file["lines"], 0, LARGEST, f"{where}.lines")
        for digest in set(file) - {"lines"}:
            text_of(file[digest], HEX, f"{where}.{digest}", "64 lower-case hex digits")
    outcomes, named = 1, set()
    # Reading: the same source may not stand twice, since its bits would count twice.
    for index, source in enumerate(array(value["sources"], 1, 4, f"{at} sources")):
        outcomes *= check_source(source, announced, draw, f"{at} sources[{index}]")
        name = ("drand", source["chain"]) if source["type"] == "drand" else (source["name"], source["issue"])
        demand(name not in named, f"{at} sources[{index}]: a source that stands there already.")
        named.add(name)
    demand(outcomes >= MIN_OUTCOMES, f"{at} sources: together fewer than 24 bits of public randomness.")
    commitment = members(value["commitment"], "length value", f"{at} commitment")
    integer(commitment["length"], 2, 64, f"{at} commitment.length")
    text_of(commitment["value"], HEX, f"{at} commitment.value", "64 lower-case hex digits")
    return Announcement(value, sha256(canonical(value)).hex())


def check_strata(strata, at):
    """Reading: the text does not forbid an empty team (then nobody is needed) nor, with an empty objects.tsv,
    an empty array of strata (then nothing is drawn); both pass."""
    names = set()
    for index, stratum in enumerate(array(strata, 0, LARGEST, f"{at} strata")):
        where = f"{at} strata[{index}]"
        members(stratum, "items name quota team", where)
        text_of(stratum["name"], ID, f"{where}.name", "an ID")
        demand(stratum["name"] not in names, f"{where}: stratum {stratum['name']} stands twice.")
        names.add(stratum["name"])
        integer(stratum["items"], 0, 1_000, f"{where}.items")
        integer(stratum["quota"], 1, LARGEST, f"{where}.quota")
        roles = set()
        for entry in array(stratum["team"], 0, LARGEST, f"{where}.team"):
            members(entry, "count role", f"{where}.team")
            integer(entry["count"], 1, 20, f"{where}.team count")
            text_of(entry["role"], ID, f"{where}.team role", "an ID")
            demand(entry["role"] not in roles, f"{where}.team: role {entry['role']} stands twice.")
            roles.add(entry["role"])


def check_source(source, announced, draw, where):
    """Returns how many outcomes the source has."""
    demand(type(source) is dict and source.get("type") in ("drand", "numbers"), f"{where}: type is not drand or numbers.")
    if source["type"] == "drand":
        members(source, "type chain genesis period round", where)
        text_of(source["chain"], HEX, f"{where}.chain", "64 lower-case hex digits")
        integer(source["genesis"], 0, LARGEST, f"{where}.genesis")
        integer(source["period"], 1, LARGEST, f"{where}.period")
        # Reading: a chain of which there is no round yet at drawAt (round 0 or less) is refused.
        integer(source["round"], 1, LARGEST, f"{where}.round")
        expected = (draw - source["genesis"]) // source["period"] + 1
        demand(source["round"] == expected, f"{where}.round: {source['round']}, but drawAt gives {expected}.")
        demand(source["chain"] == QUICKNET, f"{where}.chain: not a chain whose key is known.")
        demand((source["genesis"], source["period"]) == (QUICKNET_GENESIS, QUICKNET_PERIOD),
               f"{where}: genesis or period is not that of the chain quicknet.")
        return 2**256
    members(source, "type name issue at ordered shape", where)
    text_of(source["name"], NAME, f"{where}.name", "a NAME")
    demand(source["name"] != "drand", f"{where}.name: drand is not a name for numbers.")
    text_of(source["issue"], NAME, f"{where}.issue", "a NAME")
    text_of(source["at"], INSTANT, f"{where}.at", "an instant YYYY-MM-DDThh:mm:ssZ")
    demand(announced + DAY_SECONDS <= seconds(source["at"]) <= draw,
           f"{where}.at: not between announcedAt + 24 hours and drawAt.")
    demand(type(source["ordered"]) is bool, f"{where}.ordered: not true or false.")
    outcomes = 1
    # Reading: a source of numbers has at least one group; without any it would contribute nothing.
    for index, group in enumerate(array(source["shape"], 1, LARGEST, f"{where}.shape")):
        at = f"{where}.shape[{index}]"
        count, low, high = array(group, 3, 3, at)
        integer(count, 1, 64, f"{at} count")
        integer(high, 0, 9_999, f"{at} high")
        integer(low, 0, high, f"{at} low")
        span = high - low + 1
        demand(source["ordered"] or count <= span, f"{at}: {count} distinct numbers do not fit between {low} and {high}.")
        outcomes = min(MIN_OUTCOMES, outcomes * (span**count if source["ordered"] else math.comb(span, count)))
    return outcomes


def check_file(announcement, name, data):
    """One roster file against the announcement; returns its rows."""
    rows = READERS[name](data)
    said = announcement["files"][name]
    demand(said["lines"] == len(rows), f"{name}.tsv: {len(rows)} lines, announced {said['lines']}.")
    demand(said["sha256"] == sha256(data).hex(), f"{name}.tsv: its SHA-256 is not the announced one.")
    if name == "objects":
        demand(said["root"] == tree_root(data.split(b"\n")[:-1]).hex(), "objects.tsv: its tree root is not the announced one.")
    return rows


def check_sizes(announcement, rosters):
    """The strata of objects.tsv are the announced ones, each with at least as many objects as are to be drawn."""
    for name in sorted(set(rosters.strata) - {stratum["name"] for stratum in announcement["strata"]}):
        raise Refused(f"objects.tsv: stratum {name} is not announced.")
    for stratum in announcement["strata"]:
        name, size = stratum["name"], len(rosters.strata.get(stratum["name"], []))
        demand(size > 0, f"Stratum {name} has no objects.")
        demand(stratum["quota"] <= size, f"Stratum {name}: quota {stratum['quota']} of only {size} objects.")


def check_rosters(announcement, files):
    """All files, how they agree with each other and with the announcement, and that every object can get its team."""
    rosters = Rosters(**{name: check_file(announcement, name, files[name]) for name in READERS})
    announced = {stratum["name"] for stratum in announcement["strata"]}
    check_sizes(announcement, rosters)
    # Reading: items.tsv may list items of an announced stratum whose items is 0, but not of an unknown stratum.
    for name in sorted(set(rosters.items) - announced):
        raise Refused(f"items.tsv: stratum {name} is not announced.")
    for stratum in announcement["strata"]:
        name, items = stratum["name"], len(rosters.items.get(stratum["name"], []))
        demand(stratum["items"] <= items, f"Stratum {name}: {stratum['items']} items of only {items} lines in items.tsv.")
        for each in rosters.strata[name]:
            causes = []
            for entry in stratum["team"]:
                able = rosters.able(entry["role"], each.skill)
                left = len(able) - len(able & rosters.recused.get(each.id, set()))
                if left < entry["count"]:
                    causes.append(f"{left} of {entry['count']} with role {entry['role']} and skill {each.skill}")
            demand(not causes, f"Object {each.id} could never get its team: {'; '.join(causes)}.")
    return rosters


# ------------------------------------------------------------------------- randomness (4.5), secret and tickets (4.6)

def input_key_material(announcement, randomness):
    """The IKM as text, from randomness.json."""
    at = "randomness.json"
    members(randomness, "sources", at)
    announced = announcement["sources"]
    values = array(randomness["sources"], len(announced), len(announced), f"{at} sources")
    contributions = []
    for index, (source, value) in enumerate(zip(announced, values)):
        where = f"{at} sources[{index}]"
        if source["type"] == "drand":
            members(value, "randomness signature", where)
            text_of(value["randomness"], HEX, f"{where}.randomness", "64 lower-case hex digits")
            text_of(value["signature"], SIGNATURE, f"{where}.signature", "48 bytes in lower-case hex")
            # The one writing of a point: compressed, not the point at infinity, its coordinate less than the modulus. Any
            # other would be a second randomness of the same round.
            flags, coordinate = divmod(int(value["signature"], 16), 2**381)
            demand(flags in (4, 5) and coordinate < BLS_MODULUS, f"{where}.signature: not a compressed point.")
            demand(sha256(bytes.fromhex(value["signature"])).hex() == value["randomness"],
                   f"{where}: randomness is not the hash of the signature.")
            contributions.append(f"drand.{source['chain']}.{source['round']}.{value['randomness']}./")
        else:
            members(value, "numbers", where)
            groups = array(value["numbers"], len(source["shape"]), len(source["shape"]), f"{where}.numbers")
            for group, (count, low, high) in zip(groups, source["shape"]):
                for number in array(group, count, count, f"{where}.numbers"):
                    integer(number, low, high, f"{where}.numbers")
                if not source["ordered"]:
                    ascending(group, f"{where}.numbers")
            drawn = "".join(f"{number}." for group in groups for number in group)
            contributions.append(f"{source['name']}.{source['issue']}.{drawn}/")
    return "".join(contributions)


def chain(start, times):
    """The code that follows `times` steps later."""
    for _ in range(times):
        start = sha256(start)
    return start


def extract(code, ikm):
    """HKDF-Extract with the code as salt."""
    return mac(code, ikm.encode("ascii"))


def ticket(prk, label):
    """HKDF-Expand for 32 bytes: one block, so one byte 0x01 after the label."""
    return mac(prk, label.encode("ascii") + b"\x01")


# ------------------------------------------------------------------- selection, assignment, results (4.7, 4.8, 4.9)

class Draw:
    """All iterations of one draw, one after the other. It remembers what a later iteration must know."""

    def __init__(self, announcement, rosters, ikm):
        self.announcement, self.rosters, self.ikm = announcement, rosters, ikm
        self.iteration = 0
        self.drawn = {}        # object -> (day, team) as drawn, in any iteration
        self.replaced = set()

    def next_result(self, code, substitution=None):
        """The bytes of result-<i>.json for the next iteration."""
        self.iteration += 1
        quotas, days, digest = self._order(substitution)
        prk, draw_id = extract(code, self.ikm), self.announcement.draw_id

        used = Counter()
        for object_id, (day, team) in self.drawn.items():
            if object_id not in self.replaced:
                self._count(used, day, team)

        selected = []
        earlier = set(self.drawn)
        for stratum in self.announcement["strata"]:
            name = stratum["name"]
            chances = ((self._object_ticket(prk, each), each.id) for each in self.rosters.strata[name] if each.id not in earlier)
            # heapq.nsmallest is sorted()[:n] without sorting a million objects. If fewer remain, it takes those.
            for rank, (chance, object_id) in enumerate(heapq.nsmallest(quotas[name], chances), 1):
                day, team = self._assign(prk, stratum, object_id, days, used)
                self._count(used, day, team)
                self.drawn[object_id] = (day, team)
                selected.append({"day": day, "items": self._items(prk, stratum, object_id), "object": object_id,
                                 "rank": rank, "stratum": name, "team": team, "ticket": chance.hex()})
        return canonical({"algorithm": ALGORITHM, "announcement": self.announcement.hash, "code": code.hex(),
                          "drawId": draw_id, "iteration": self.iteration, "randomness": self.ikm,
                          "selected": selected, "substitution": digest})

    def _order(self, substitution):
        """How many to draw per stratum, on which days, and the hash of the order to substitute."""
        if self.iteration == 1:
            return {s["name"]: s["quota"] for s in self.announcement["strata"]}, self.announcement["days"], None
        at = f"substitution-{self.iteration}.json"
        members(substitution, "algorithm announcement days iteration replace", at)
        demand(substitution["algorithm"] == ALGORITHM, f"{at}: algorithm is not {ALGORITHM}.")
        demand(substitution["announcement"] == self.announcement.hash, f"{at}: names another announcement.")
        integer(substitution["iteration"], self.iteration, self.iteration, f"{at} iteration")
        days = day_list(substitution["days"], f"{at} days")
        demand(bool(days) == bool(self.announcement["days"]), f"{at} days: must be empty exactly if the announced days are.")
        quotas = Counter()
        # Reading: at least one object is replaced; a substitution of nothing would only burn codes until one pleases.
        for entry in array(substitution["replace"], 1, LARGEST, f"{at} replace"):
            members(entry, "object reason", f"{at} replace")
            object_id = text_of(entry["object"], ID, f"{at} replace", "an ID")
            demand(type(entry["reason"]) is str and entry["reason"] != "", f"{at}: {object_id} has no reason.")
            demand(object_id in self.drawn, f"{at}: {object_id} was not drawn before.")
            demand(object_id not in self.replaced, f"{at}: {object_id} is already replaced.")
            quotas[self.rosters.objects[object_id].stratum] += 1
        replaced = ascending([entry["object"] for entry in substitution["replace"]], f"{at} replace")
        self.replaced.update(replaced)
        return quotas, days, sha256(canonical(substitution)).hex()

    def _object_ticket(self, prk, each):
        label = f"{self.announcement.draw_id}/o/{each.stratum}/{each.id}#"
        return min(ticket(prk, f"{label}{j}") for j in range(1, each.weight + 1))

    def _ranked(self, prk, letter, object_id, ids):
        """Ascending by ticket, equal tickets by id. Ids are ASCII, so text order is byte order."""
        prefix = f"{self.announcement.draw_id}/{letter}/{object_id}/"
        return sorted(ids, key=lambda each: (ticket(prk, prefix + each), each))

    def _assign(self, prk, stratum, object_id, days, used):
        """Day and team; the first day, in the order of chance, on which every entry of the team can be filled."""
        skill = self.rosters.objects[object_id].skill
        recused = self.rosters.recused.get(object_id, set())
        # An inspector's ticket does not depend on the day, so one ranking per entry serves all days.
        # No inspector can stand in two entries: one role each, and each role once in a team.
        entries = [(entry["count"], self._ranked(prk, "i", object_id, self.rosters.able(entry["role"], skill) - recused))
                   for entry in stratum["team"]]
        for day in self._ranked(prk, "d", object_id, days) if days else [None]:
            # Reading: the team of a result is one flat array of inspector ids.
            team, complete = [], True
            for count, ranked in entries:
                free = [each for each in ranked if self._is_free(each, day, used)][:count]
                complete = complete and len(free) == count
                team += free
            if complete:
                return day, team
        return None, []

    def _is_free(self, inspector_id, day, used):
        inspector = self.rosters.inspectors[inspector_id]
        if used[inspector_id] >= inspector.capacity:
            return False
        return day is None or (day not in inspector.absent and used[inspector_id, day] < self.announcement["perDay"])

    @staticmethod
    def _count(used, day, team):
        """`used` holds both counts: by inspector, and by inspector and day."""
        for inspector in team:
            used[inspector] += 1
            if day is not None:
                used[inspector, day] += 1

    def _items(self, prk, stratum, object_id):
        if stratum["items"] == 0:
            return []
        return self._ranked(prk, "t", object_id, self.rosters.items[stratum["name"]])[:stratum["items"]]


# ------------------------------------------------------------------------------------------ bundles and series (4.10)

@dataclass(frozen=True)
class Bundle:
    announcement: Announcement
    state: str  # "revealed", "void" (with or without results) or "open"
    sentence: str
    voided_at: str | None  # an open draw may be void as well, until all of it is shown
    iterations: int = 0


NUMBERED = re.compile(r"(result|substitution)-([1-9][0-9]?)\.json")


def read_folder(folder):
    """The bytes of each file of a bundle. A file that no rule covers is refused: it would look as if it had been
    checked. A README says nothing and is not looked at."""
    path, files = Path(folder), {}
    demand(path.is_dir(), f"{folder} is not a folder.")
    known = {"announcement.json", "randomness.json", "void.json"} | {f"{name}.tsv" for name in READERS}
    for entry in sorted(path.iterdir()):
        if entry.name in ("README", "README.md", "README.txt"):
            continue
        demand(entry.is_file() and (entry.name in known or NUMBERED.fullmatch(entry.name)),
               f"{entry.name} does not belong into a bundle.")
        files[entry.name] = entry.read_bytes()
    return files


def check_void(announcement, data):
    value = members(parse_canonical(data, "void.json"), "algorithm announcement reason voidedAt", "void.json")
    demand(value["algorithm"] == ALGORITHM, f"void.json: algorithm is not {ALGORITHM}.")
    demand(value["announcement"] == announcement.hash, "void.json: names another announcement.")
    # Reading: as with substitutions, a reason is a text that is not empty.
    demand(type(value["reason"]) is str and value["reason"] != "", "void.json: no reason.")
    text_of(value["voidedAt"], INSTANT, "void.json voidedAt", "an instant YYYY-MM-DDThh:mm:ssZ")
    demand(seconds(value["voidedAt"]) >= seconds(announcement["announcedAt"]), "void.json voidedAt: before announcedAt.")
    return value


def check_folder(folder):
    """Checks 1 to 5 of 4.10 for one folder."""
    files = read_folder(folder)
    demand("announcement.json" in files, "announcement.json is missing.")
    announcement = check_announcement(parse_canonical(files["announcement.json"], "announcement.json"))
    draw_id = announcement.draw_id
    void = check_void(announcement, files["void.json"]) if "void.json" in files else None
    voided_at = void["voidedAt"] if void else None
    results = sum(name.startswith("result-") for name in files)
    rosters = {name: files[f"{name}.tsv"] for name in READERS if f"{name}.tsv" in files}
    if "randomness.json" not in files and not any(NUMBERED.fullmatch(name) for name in files):
        return check_without_results(announcement, rosters, void)
    for name in READERS:
        demand(name in rosters, f"{name}.tsv is missing.")
    parsed = check_rosters(announcement, rosters)

    demand("randomness.json" in files, "randomness.json is missing.")
    demand(results >= 1, "result-1.json is missing.")
    expected = {f"result-{i}.json" for i in range(1, results + 1)} | {f"substitution-{i}.json" for i in range(2, results + 1)}
    numbered = {name for name in files if NUMBERED.fullmatch(name)}
    demand(numbered == expected, f"Results and substitutions do not belong together: {', '.join(sorted(numbered ^ expected))}.")
    commitment = announcement["commitment"]
    demand(results < commitment["length"], f"{results} results, but commitment.length {commitment['length']} allows fewer.")
    draw = Draw(announcement, parsed, input_key_material(announcement, parse_canonical(files["randomness.json"], "randomness.json")))
    for i in range(1, results + 1):
        name = f"result-{i}.json"
        result = members(parse_canonical(files[name], name),
                         "algorithm announcement code drawId iteration randomness selected substitution", name)
        code = bytes.fromhex(text_of(result["code"], HEX, f"{name} code", "64 lower-case hex digits"))
        demand(chain(code, i).hex() == commitment["value"], f"{name} code: hashed {i} times it is not the commitment.")
        order = f"substitution-{i}.json"
        replay = draw.next_result(code, parse_canonical(files[order], order) if i > 1 else None)
        if replay != files[name]:
            place, value = first_difference(result, json.loads(replay), "")
            raise Refused(f"{name}{place}: the replay gives {value}.")
    return Bundle(announcement, "void" if void else "revealed",
                  f"Draw {draw_id} holds{', although void' if void else ''}: iterations {results}, objects drawn {len(draw.drawn)}, "
                  "every result equal to the byte; BLS signatures not checked.", voided_at, results)


def check_without_results(announcement, rosters, void):
    """A draw that is announced and not revealed, or void without a result."""
    draw_id, voided_at = announcement.draw_id, void["voidedAt"] if void else None
    late = void is not None and seconds(voided_at) > seconds(announcement["drawAt"])
    as_void = Bundle(announcement, "void", f"Draw {draw_id} is void without a result: {void['reason']}" if void else "", voided_at)
    if set(rosters) - {"objects"}:
        # Void after drawAt because numbers did not appear: all is shown but what there never was. A drand round always is there.
        demand(void is not None, "randomness.json is missing, although the draw is revealed.")
        for name in READERS:
            demand(name in rosters, f"{name}.tsv is missing.")
        demand(not late or any(source["type"] == "numbers" for source in announcement["sources"]),
               "randomness.json is missing: its drand value was public when the draw was called void.")
        check_rosters(announcement, rosters)
        return as_void
    if "objects" in rosters:
        check_sizes(announcement, Rosters(check_file(announcement, "objects", rosters["objects"]), [], [], []))
    if void is not None and not late:
        return as_void
    # An announced draw that is not revealed consists of its public files alone.
    return Bundle(announcement, "open", f"Draw {draw_id} is announced and not revealed (until {announcement['revealBy']}).", voided_at)


def first_difference(have, want, place):
    """Where two different JSON values first differ, and what the replay has there."""
    if type(have) is dict and type(want) is dict:
        for name in sorted(set(have) | set(want)):
            if name not in want:
                return f"{place} {name}", "no such member"
            if name not in have or canonical(have[name]) != canonical(want[name]):
                return first_difference(have.get(name), want[name], f"{place} {name}")
    if type(have) is list and type(want) is list:
        for index, (a, b) in enumerate(zip(have, want)):
            if canonical(a) != canonical(b):
                return first_difference(a, b, f"{place}[{index}]")
        return place, f"{len(want)} entries instead of {len(have)}"
    return place, json.dumps(want, ensure_ascii=False)


def verify_draw(folder):
    bundle = check_folder(folder)
    demand(bundle.state != "open", bundle.sentence)
    return bundle.sentence


def verify_draws(folders, now):
    """Check 7 of 4.10. Reading: a folder does not say when it was revealed (the log does), so "in time" can
    only mean here that no draw is still hidden at its revealBy. Folders may come in any order; they are of one
    authority. Reading: announcements follow each other in time, and a kind and period is announced again only
    once its draw is void, so that no two draws of one period ever stand side by side."""
    bundles = []
    for folder in folders:
        try:
            bundles.append(check_folder(folder))
        except Refused as refusal:
            raise Refused(f"{folder}: {refusal}") from None
    bundles.sort(key=lambda bundle: bundle.announcement["number"])
    authority = bundles[0].announcement["authority"]
    previous, latest, held, states = ZEROS, "", {}, Counter()
    for number, bundle in enumerate(bundles, 1):
        announcement = bundle.announcement
        draw_id = announcement.draw_id
        demand(announcement["authority"] == authority, f"{draw_id}: not of {authority}.")
        demand(announcement["number"] == number, f"{authority}: number {number} is missing or {announcement['number']} stands twice.")
        demand(announcement["previous"] == previous, f"{draw_id}: previous is not the hash of the announcement before it.")
        demand(announcement["announcedAt"] >= latest, f"{draw_id}: announced before the draw that precedes it.")
        previous, latest = announcement.hash, announcement["announcedAt"]
        pair = (announcement["kind"], announcement["period"])
        if pair in held:
            holder, voided_at = held[pair]
            demand(voided_at is not None, f"{draw_id}: {pair[0]} {pair[1]} already belongs to {holder}.")
            demand(voided_at <= latest, f"{draw_id}: {pair[0]} {pair[1]} belonged to {holder} until {voided_at}.")
        held[pair] = (draw_id, bundle.voided_at)
        demand(bundle.state != "open" or now < seconds(announcement["revealBy"]),
               f"{draw_id}: not revealed, although due by {announcement['revealBy']}.")
        states[bundle.state] += 1
    drawn = sum(bundle.state == "void" and bundle.iterations > 0 for bundle in bundles)
    return (f"The series holds (draws {len(bundles)}): {states['revealed']} revealed, {states['void']} void "
            f"({drawn} after it was drawn), {states['open']} still open; BLS signatures not checked.")


# -------------------------------------------------------------------------------------------------- replay of cases

def replay_case(case):
    """The results of one case, as text. A case that lacks a member is a mistake of the caller, not a refusal,
    so it ends the program."""
    for name in ("announcement", *READERS, "randomness", "secret", "substitutions"):
        if name not in case:
            print(f"The case lacks {name}.", file=sys.stderr)
            sys.exit(2)
    announcement = check_announcement(case["announcement"])
    files = {name: case[name].encode("utf-8", "surrogatepass") for name in READERS}
    rosters = check_rosters(announcement, files)
    ikm = input_key_material(announcement, case["randomness"])
    secret = bytes.fromhex(text_of(case["secret"], HEX, "secret", "32 bytes in lower-case hex"))
    length = announcement["commitment"]["length"]
    demand(chain(secret, length).hex() == announcement["commitment"]["value"], "The secret does not lead to the commitment.")
    orders = [None] + array(case["substitutions"], 0, LARGEST, "substitutions")
    demand(len(orders) < length, f"{len(orders)} iterations, but commitment.length {length} allows fewer.")
    draw = Draw(announcement, rosters, ikm)
    return [draw.next_result(chain(secret, length - i), order).decode("utf-8") for i, order in enumerate(orders, 1)]


def replay(lines, out):
    for line in lines:
        if line.strip() == "":
            continue
        # Parsed inside the try: a fraction or a doubled member in a case is a refusal, as it is in a file.
        try:
            answer = {"results": replay_case(parse_json(line, "case"))}
        except Refused as refusal:
            answer = {"refused": str(refusal)}
        out.write(json.dumps(answer) + "\n")
        out.flush()


# --------------------------------------------------------------------------------------------------------- selftest

def expect(have, want, what):
    if have != want:
        raise SystemExit(f"selftest: {what}: {have!r} instead of {want!r}.")


def selftest():
    # draft-thomson-elegy-vrs: codes, PRK, tickets and order. There the secret is a text.
    secret, ikm = b"totally not a bikeshed", "1.2.3.4.5.6./" * 3
    for steps, code in ((10, "950ea08d8d5fd3ae415b9967aba7a48aba39ca62a4d98f2e7fe25cb1b8f8c488"),
                        (9, "5346f2efb5397a6788fc1f1d9c05c6d3f2abe9b7d16d8592a3695b6dbe9f2456"),
                        (8, "2f70f884997ce80771adbefbbbc6c71a1b921da71896c25ca0f64966bfd0c8ce")):
        expect(chain(secret, steps).hex(), code, f"draft-thomson code {steps}")
    for steps, prk, tickets in (
        (9, "5fa96a4e4b50cbb87edd374566a03af5dd2372162b6a9ab88ab8e10f1dbb768b", {
            "lavenderblush": "002ed527ae0a44a86c205d1cdba61826951a2ffb53c13729c3762eea04e21676",
            "blue": "03f710be2b61a6f9c3f89aa5ab553b81abb5fc9817865ac29b5b62dcfbaf431f",
            "darkgoldenrod": "08bab81380d7f0769cecf9969a8d9c04ad9156dfe03a6d6d0ed777734620d0e5",
            "mediumvioletred": "0c26494fa81f3aed8a9f66e77b73a1a9a2881762dee2e7f24858bfa8d78a5c4d",
            "bisque": "0e1af5d1ccfd44de075cc0bb6d5050d1c0d6bcf0a32fd51ce9406726ae4a90c2",
            "lightpink": "13a07cc9abf3b737e49a62b0634ef0a5a9ac6ed481fba95284d930c73ecf20dd"}),
        (8, "c0e47f556cf8f1012f63488d7c8ab3431aba52f0998ed6dd45f9cba92d832379", {
            "aqua": "00d1c59a9f1b581060a9e732e91bc477ef7d916e9eb18e53cffe816502fbdeda",
            "darkgray": "02b514b0b1807bfe086db524f40962b2be272880c2bfeb55a7be136e8b5580a4",
            "cornflowerblue": "0337add95eac62a356b020a273a749935aa777faa226d733f41594ec88d35885"})):
        key = extract(chain(secret, steps), ikm)
        expect(key.hex(), prk, "draft-thomson PRK")
        for label, value in tickets.items():
            expect(ticket(key, label).hex(), value, f"draft-thomson ticket {label}")
        expect(sorted(tickets, key=lambda label: ticket(key, label)), list(tickets), "draft-thomson order")

    # drand quicknet, round 123: hash of the signature, and the round of an instant.
    signature = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92"
    value = "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc"
    expect(sha256(bytes.fromhex(signature)).hex(), value, "drand randomness")
    expect((seconds("2023-08-23T15:15:33Z") - QUICKNET_GENESIS) // QUICKNET_PERIOD + 1, 123, "drand round")

    # The byte check of the text.
    secret = bytes(range(32))
    expect(chain(secret, 4).hex(), "cefc1232dee44cc53fccf8cc078f657f4db4f1d0303725375a0694f7d395e2ea", "C4")
    expect(chain(secret, 3).hex(), "4e05063392f42b5180353ef82da86c714042155044d91ab3253f1bab08120a0a", "C3")
    prk = extract(chain(secret, 3), f"drand.{QUICKNET}.123.{value}./")
    expect(prk.hex(), "a22a92b39f833a7fe82b41179f73d03a2e166a60a06ed5ec3c16b9ac51c14db4", "PRK of the byte check")
    for label, wanted in (
        ("o/RED/ENT:A#1", "69098b7703519f4d798b77ae966e0210c778186eb733039badc81d5803784044"),
        ("o/RED/ENT:A#2", "9916b636d787bc55f9e4ea4a95c8ac805559566e92ffc165ba94d7609964e471"),
        ("i/ENT:A/I0001", "3c66cd424ea8e45461b5eea14e6a4102755abd3717d97c75b957730f006d2995"),
        ("d/ENT:A/2026-03-09", "5bdd24f1cf3c4a15b670731063c63385e078d8e03dff48e74400b54ad751f7bc"),
        ("t/ENT:A/T01", "5a02f87e28a062699e84f04370f37842bbfdcc1dd21c755a20ea8565e5b1ede7")):
        expect(ticket(prk, f"533102.TEST:000001/{label}").hex(), wanted, f"ticket {label}")

    # The example of an IKM made of lottery numbers, and how many outcomes such a lottery has.
    lottery = {"type": "numbers", "name": "ssq", "issue": "2026023", "at": "2023-08-23T13:15:00Z", "ordered": False,
               "shape": [[6, 1, 33], [1, 1, 16]]}
    balls = {"numbers": [[3, 9, 14, 20, 26, 31], [8]]}
    expect(input_key_material({"sources": [lottery]}, {"sources": [balls]}), "ssq.2026023.3.9.14.20.26.31.8./", "IKM of numbers")

    # RFC 6962: the vectors of the first Certificate Transparency log (tree of nothing, of one and of eight leaves).
    leaves = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                               "606162636465666768696a6b6c6d6e6f")]
    for size, root in ((0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                       (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
                       (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
                       (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")):
        expect(tree_root(leaves[:size]).hex(), root, f"tree root of {size} leaves")

    # RFC 8785: members by UTF-16 units (U+1F600 before U+FB33), escapes in their shortest form.
    expect(canonical({"\ufb33": 1, "\U0001f600": True, "a": '\u20ac$\x0f\nA\'B"\\"/'}),
           '{"a":"€$\\u000f\\nA\'B\\"\\\\\\"/","\U0001f600":true,"\ufb33":1}'.encode(), "canonical JSON")

    bundle = sample_bundle(secret, lottery, balls, {"randomness": value, "signature": signature})
    with tempfile.TemporaryDirectory() as folder:
        for name, data in bundle.items():
            Path(folder, name).write_bytes(data)
        sentence = verify_draw(folder)
        verify_draws([folder], 0)
        flips = 0
        for name, data in bundle.items():  # one bit of every byte of every file, each position of the bit in turn
            for index in range(len(data)):
                flipped = bytearray(data)
                flipped[index] ^= 1 << (index % 8)
                Path(folder, name).write_bytes(bytes(flipped))
                try:
                    verify_draw(folder)
                except Refused:
                    flips += 1
                    continue
                raise SystemExit(f"selftest: bit {index % 8} of byte {index} of {name} flipped, and nobody noticed.")
            Path(folder, name).write_bytes(data)
    return f"All vectors agree. Sample: {sentence} Each of {flips} flipped bits was refused."


def sample_bundle(secret, lottery, balls, beacon):
    """A small bundle with everything in it: weights, skills, recusals, days, items, two sources, a substitution."""
    files = {
        "objects": "RED\tENT:A\t3\t-\nRED\tENT:B\t1\tGAS\nRED\tENT:C\t1\t-\nRED\tENT:D\t2\tGAS\nYELLOW\tAREA:T:1\t1\t-\nYELLOW\tAREA:T:2\t1\t-\n",
        "inspectors": "I1\tenforcer\t2\t*\t-\nI2\tenforcer\t3\t-\t2023-09-04\nI3\tenforcer\t2\tGAS\t-\nI4\tenforcer\t2\tGAS,OIL\t-\nX1\texpert\t4\t*\t-\n",
        "recusals": "I1\tENT:A\nI3\tENT:C\n",
        "items": "RED\tT01\nRED\tT02\nRED\tT03\n",
    }
    data = {name: text.encode("ascii") for name, text in files.items()}
    said = {name: {"lines": each.count(b"\n"), "sha256": sha256(each).hex()} for name, each in data.items()}
    said["objects"]["root"] = tree_root(data["objects"].split(b"\n")[:-1]).hex()
    team = [{"count": 2, "role": "enforcer"}, {"count": 1, "role": "expert"}]
    announcement = {
        "algorithm": ALGORITHM, "authority": "533102.TEST", "number": 1, "previous": ZEROS, "kind": "RANDOM.RED", "period": "2023-09",
        "announcedAt": "2023-08-20T00:00:00Z", "drawAt": "2023-08-23T15:15:35Z", "revealBy": "2023-10-01T00:00:00Z", "asOf": 0,
        "policy": ZEROS, "software": ZEROS, "days": ["2023-09-04", "2023-09-05"], "perDay": 1, "files": said,
        "strata": [{"items": 2, "name": "RED", "quota": 2, "team": team}, {"items": 0, "name": "YELLOW", "quota": 1, "team": team[:1]}],
        "sources": [{"type": "drand", "chain": QUICKNET, "genesis": QUICKNET_GENESIS, "period": QUICKNET_PERIOD, "round": 123}, lottery],
        "commitment": {"length": 4, "value": chain(secret, 4).hex()},
    }
    case = {"announcement": announcement, **files, "randomness": {"sources": [beacon, balls]}, "secret": secret.hex(), "substitutions": []}
    first = json.loads(replay_case(case)[0])
    gone = first["selected"][0]["object"]
    case["substitutions"] = [{"algorithm": ALGORITHM, "announcement": first["announcement"], "days": ["2023-09-11"], "iteration": 2,
                              "replace": [{"object": gone, "reason": "closed down, 注销"}]}]
    results = replay_case(case)
    expect(json.loads(results[0]), first, "a substitution changed the first result")
    return {"announcement.json": canonical(announcement), **{f"{name}.tsv": each for name, each in data.items()},
            "randomness.json": canonical(case["randomness"]), "substitution-2.json": canonical(case["substitutions"][0]),
            "result-1.json": results[0].encode(), "result-2.json": results[1].encode()}


def main(arguments):
    command, *rest = arguments or [""]
    try:
        if command == "draw" and len(rest) == 1:
            print(verify_draw(rest[0]))
        elif command == "draws" and rest:
            print(verify_draws(rest, datetime.now(timezone.utc).timestamp()))
        elif command == "replay" and not rest:
            sys.stdin.reconfigure(encoding="utf-8")
            replay(sys.stdin, sys.stdout)
        elif command == "selftest" and not rest:
            print(selftest())
        else:
            print("Say: draw FOLDER | draws FOLDER... | replay | selftest", file=sys.stderr)
            return 2
        return 0
    except Refused as refusal:
        print(f"Refused. {refusal}")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

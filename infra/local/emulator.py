"""
The emulator, with what it does not do itself:

- one condition of rights, which partitions of a table a call is about (`dynamodb:LeadingKeys`). Without it whoever is held to one
  partition would be refused everything.
- a bucket's lock (`ObjectLockConfiguration`), which its CloudFormation leaves out, and which it forgets of every object when it ends.
  Without it what is sealed could be deleted here.
- a stream's time for gathering (`MaximumBatchingWindowInSeconds`). Without it what gathers is called for every few records, and since
  one thread of the emulator calls everything, whatever else waits for its events waits for that too.
"""

import json
import time

from ministack.app import main
from ministack.core import iam_actions
from ministack.services import dynamodb, lambda_svc, s3
from ministack.services.cloudformation import provisioners

known = iam_actions.dynamodb_service_context
configure_bucket = provisioners._s3_apply_configurations
refusal_of_lock = s3._check_object_lock
poll_streams = lambda_svc._poll_dynamodb_streams
gathering_since: dict[str, float] = {}


def leading_keys(body: bytes) -> list[str]:
    """Of calls that name their items. A query names none here: who is held to a partition may not query, which is the safe side."""
    call = json.loads(body or b"{}")
    table = dynamodb._tables.get(call.get("TableName", "").rsplit("/", 1)[-1])
    key = (call.get("Key") or call.get("Item") or {}).get(table["pk_name"]) if table else None
    return list(key.values()) if key else []


def with_leading_keys(body: bytes) -> dict:
    keys = leading_keys(body)
    return {**known(body), **({"dynamodb:LeadingKeys": keys} if keys else {})}


def configure_with_lock(name: str, props: dict, old_props: dict | None = None) -> None:
    configure_bucket(name, props, old_props)
    if not props.get("ObjectLockEnabled"):
        return
    rule = props.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention")
    # A template's numbers may come as text.
    retention = rule and {name: value if name == "Mode" else int(value) for name, value in rule.items()}
    s3._bucket_object_lock[name] = {"enabled": True, "default_retention": retention}


def refused_by_lock(bucket: str, key: str, headers: dict, version: str | None) -> tuple | None:
    """What was there before the last start has lost its date: its bucket locks for years from its birth on, so it is locked still."""
    default = (s3._bucket_object_lock.get(bucket) or {}).get("default_retention")
    is_known = (bucket, key, version) in s3._object_retention
    versions = s3._object_versions.get((bucket, key), [])
    is_there = any(one["version_id"] == version and not one.get("is_delete_marker") for one in versions)
    if default and default["Mode"] == "COMPLIANCE" and not is_known and is_there:
        return s3._error("AccessDenied", "Access Denied because object protected by object lock.", 403)
    return refusal_of_lock(bucket, key, headers, version)


def hold_until_gathered(mapping: dict, window: int) -> None:
    """A mapping that has fewer records than a batch rests until the oldest of them has waited for its window."""
    name, table = mapping["UUID"], mapping["EventSourceArn"].split("/")[1]
    read = lambda_svc._dynamodb_stream_positions.get(name, dynamodb.stream_start_position(table))
    unread = dynamodb.stream_end_position(table) - read
    since = gathering_since.setdefault(name, time.time())
    if 0 < unread < mapping["BatchSize"] and time.time() < since + window:
        lambda_svc._esm_backoff_until[name] = max(lambda_svc._esm_backoff_until.get(name, 0), since + window)
    else:
        gathering_since.pop(name)


def poll_gathered_streams() -> bool:
    for _, _, mapping in lambda_svc._iter_all_esms():
        window = mapping.get("MaximumBatchingWindowInSeconds") or 0
        if window and ":dynamodb:" in mapping["EventSourceArn"]:
            hold_until_gathered(mapping, window)
    return poll_streams()


iam_actions.dynamodb_service_context = with_leading_keys
provisioners._s3_apply_configurations = configure_with_lock
s3._check_object_lock = refused_by_lock
lambda_svc._poll_dynamodb_streams = poll_gathered_streams
main()

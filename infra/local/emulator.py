"""
The emulator, with one condition of rights that it does not know itself: which partitions of a table a call is about
(`dynamodb:LeadingKeys`). Without it whoever is held to one partition would be refused everything.
"""

import json

from ministack.app import main
from ministack.core import iam_actions
from ministack.services import dynamodb

known = iam_actions.dynamodb_service_context


def leading_keys(body: bytes) -> list[str]:
    """Of calls that name their items. A query names none here: who is held to a partition may not query, which is the safe side."""
    call = json.loads(body or b"{}")
    table = dynamodb._tables.get(call.get("TableName", "").rsplit("/", 1)[-1])
    key = (call.get("Key") or call.get("Item") or {}).get(table["pk_name"]) if table else None
    return list(key.values()) if key else []


def with_leading_keys(body: bytes) -> dict:
    keys = leading_keys(body)
    return {**known(body), **({"dynamodb:LeadingKeys": keys} if keys else {})}


iam_actions.dynamodb_service_context = with_leading_keys
main()

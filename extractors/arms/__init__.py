"""Arms: the groups that a text reports figures for, found in the document's own words.

Every run of content words is a candidate group name; how often it stands where group names stand (`in the X group`,
`X versus Y`, `62% with X`, `X (n = 48)`, after `randomized to`) is counted over the whole document, and a small trained
model says which candidates are arms. An arm's mentions are then all places where its words, or its short form, stand.
"""

from extractors.arms.candidates import BESIDE_FEATURES, ArmCandidate, arm_candidates, beside_rows
from extractors.arms.comparing import compared_arms
from extractors.arms.context import ARM_FEATURES
from extractors.arms.grouping import ARM_THRESHOLD, ArmFound, alike, arms_of, same_arm, short_forms
from extractors.arms.names import Key, arm_key
from extractors.arms.naming import named

__all__ = [
    "ARM_FEATURES",
    "ARM_THRESHOLD",
    "BESIDE_FEATURES",
    "ArmCandidate",
    "ArmFound",
    "Key",
    "alike",
    "arm_candidates",
    "arm_key",
    "arms_of",
    "beside_rows",
    "compared_arms",
    "named",
    "same_arm",
    "short_forms",
]

"""Codes of units."""

# invented: good as an identity number and as a credit code by their check digits
BOTH = "512301195003150432"


BOTH_OF_A_TRADER = "921521195003152392"  # the same, and it begins as codes of sole traders do


# good by both check digits; no register gives codes that begin with 50
IN_CHONGQING = "50023019500315169X"

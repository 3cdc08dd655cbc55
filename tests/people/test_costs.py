"""What guessing a password costs in life; all other tests stretch as little as possible
(tests/conftest.py)."""

from tests.conftest import Costs


def test_a_password_is_stretched_as_rfc_9106_recommends(real_costs: Costs) -> None:
    """64 MiB, three passes, four lanes: its second choice, for machines that spare no 2 GiB."""
    assert real_costs.staff.hash("一个长的口令").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_custodians_key_costs_as_much(real_costs: Costs) -> None:
    assert real_costs.custodian == {"ops": 3, "mem": 64 * 2**20}

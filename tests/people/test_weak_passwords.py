"""Which form fields and passwords are too easy, without a page: see tests/desk/test_office.py for
the pages."""

from casework.people.weak_passwords import weak


def test_a_piece_said_twice_is_one_piece() -> None:
    assert weak("xk7xk7xk7xk7", ())
    assert weak("mq7zp" * 3, ())
    assert not weak("mq7zpw-4hjt-vd", ())


def test_own_words_are_taken_away() -> None:
    assert weak("xiangdongping1987", ("xiangdongping",))
    assert not weak("xiangdongping1987", ())

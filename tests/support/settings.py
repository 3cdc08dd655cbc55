"""A bureau's own value of a setting, without the second person that some take."""

from datetime import date

from casework.people import office
from casework.people.models import Person
from casework.procedure.settings import shipped
from casework.store import writing


def confirm_setting(actor: Person, key: str, value: str, from_day: date) -> None:
    """The value holds from that day on."""
    with writing() as session:
        office.confirm_setting(session, actor, shipped().setting(key), value, from_day)

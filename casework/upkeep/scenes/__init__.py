"""Scenes: short stories that leave the main road, one for every side exit, special state and side
track.

The demonstration bureau plays each of them; a test plays them too and sees that together they take
every step of the procedure, reach every stage, start every clock and print every paper.
"""

from casework.upkeep.scenes import after, filing, hearing, interference, reading, tips, waiting
from casework.upkeep.scenes.ground import TOLD, Ground, Scene
from casework.upkeep.scenes.reading import judged_late_and_answered
from casework.upkeep.scenes.waiting import named_informant

# numbers of papers follow from the order
ROAD = (tips, filing, hearing, after, waiting, interference, reading)
SCENES: list[tuple[int, Scene]] = [
    told for part in ROAD for told in TOLD if told[1].__module__ == part.__name__
]

__all__ = ["SCENES", "Ground", "judged_late_and_answered", "named_informant"]

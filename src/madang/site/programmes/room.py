"""What this room brings: the stage kinds that are declared before their rooms exist, and its figures."""

from madang.site.kit.stages import register_kind
from madang.site.programmes import figures as figures
from madang.site.programmes import words as words
from madang.site.programmes.planned import PLANNED

for kind in PLANNED:
    register_kind(kind)

"""What is compared: one module for each, of one shape (`contender.Contender`)."""

from collections.abc import Sequence

from benchmarks.contenders.contender import Contender
from benchmarks.contenders.floor import Floor
from benchmarks.contenders.naive import Naive
from benchmarks.contenders.opentofu import OpenTofu
from benchmarks.contenders.ours import Ours
from benchmarks.contenders.script import Script, ThreadedScript

CONTENDERS: Sequence[type[Contender]] = [Ours, Floor, OpenTofu, Naive, Script, ThreadedScript]

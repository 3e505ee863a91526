"""The contenders: the deployment tools that the benchmarks compare.

`base.Contender` is their interface.
"""

from collections.abc import Sequence

from benchmarks.contenders.base import Contender
from benchmarks.contenders.floor import Floor
from benchmarks.contenders.naive import Naive
from benchmarks.contenders.native import Native
from benchmarks.contenders.opentofu import OpenTofu
from benchmarks.contenders.ours import Ours
from benchmarks.contenders.script import Script, ThreadedScript

CONTENDERS: Sequence[type[Contender]] = [
    Ours,
    Native,
    Floor,
    OpenTofu,
    Naive,
    Script,
    ThreadedScript,
]
